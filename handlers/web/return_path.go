package web

import (
	"net/url"
	"regexp"
	"strings"

	"muster/tokens/secrets"
)

// maxReturnPath is in bytes; a started login must fit into a cookie.
const maxReturnPath = 2000

// localPath is a path of ours, which no browser takes for another host.
var localPath = regexp.MustCompile(`^/[A-Za-z0-9_-][A-Za-z0-9_/-]*$`)

// ReturnPath checks where a form leads back to; "/" for anything doubtful: another
// host, a page that signs in or out, a secret.
func ReturnPath(raw string) string {
	target, err := url.Parse(raw)
	if err != nil || target.IsAbs() || target.Host != "" || target.User != nil || target.Opaque != "" || target.RawPath != "" ||
		len(raw) > maxReturnPath || !localPath.MatchString(target.Path) || signsInOrOut(target.Path) || secrets.Within(raw) {
		return "/"
	}
	clean := url.URL{Path: target.Path, RawQuery: target.Query().Encode()}
	if len(clean.String()) > maxReturnPath {
		return "/"
	}
	return clean.String()
}

func signsInOrOut(path string) bool { return path == "/auth" || strings.HasPrefix(path, "/auth/") }

// SameHost compares host names as browsers do: without case and default ports.
func SameHost(base *url.URL, host string) bool {
	port := map[string]string{"http": ":80", "https": ":443"}[base.Scheme]
	return strings.EqualFold(strings.TrimSuffix(base.Host, port), strings.TrimSuffix(host, port))
}
