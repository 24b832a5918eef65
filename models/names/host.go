package names

import (
	"slices"
	"strings"
)

// noHosts are what a machine reports that has no name.
var noHosts = []string{
	"localhost", "localhost4", "localhost6", "ip6-localhost", "localdomain", "(none)", "none", "unknown", "null", "nil", "undefined", "n/a", "-",
}

// isNoHost reports whether a first label names no machine.
func isNoHost(label string) bool { return label == "" || slices.Contains(noHosts, label) }

// splitHost is the first label of a host name and, where it is below a domain of
// somebody's, the whole: what a router or a cloud appends to any name says
// nothing, as in laptop-7.local. Something that is no domain, such as an IP
// address, is a label.
func splitHost(text string) (label, host string) {
	host = FoldHost(text)
	label, above, qualified := strings.Cut(host, ".")
	switch {
	case !isDomain(host):
		return host, ""
	case isNoHost(label) || !qualified || organisation(host, above) == "":
		return label, ""
	}
	return label, host
}
