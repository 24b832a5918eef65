package names

import (
	"slices"
	"strings"
	"unicode"
)

// noDomains stand where a user name has no domain.
var noDomains = []string{"azuread", "microsoftaccount", "workgroup"}

// asTyped are characters that keyboards put in place of those that separate.
var asTyped = strings.NewReplacer("＠", "@", "﹫", "@", "＼", `\`)

func isSeparator(r rune) bool { return r == '@' || r == '\\' || r == '/' }

// between is a text without what surrounds names.
func between(text string) string {
	text = strings.TrimLeftFunc(text, func(r rune) bool { return isSeparator(r) || unicode.IsSpace(r) })
	return strings.TrimRightFunc(text, func(r rune) bool { return isSeparator(r) || unicode.IsSpace(r) || r == '.' })
}

func withoutSeparators(text string) string {
	return strings.Map(func(r rune) rune {
		if isSeparator(r) {
			return -1
		}
		return r
	}, text)
}

// splitUser reads DOMAIN\user, DOMAIN/user, user@domain and user. The domain is
// as it is compared, empty where it says nothing: when there is none, or only the
// machine's own name.
func splitUser(text, label, host string) (local, domain string) {
	text = between(asTyped.Replace(visible(text)))
	local = text
	if before, after, ok := strings.Cut(text, `\`); ok {
		local, domain = after[strings.LastIndexByte(after, '\\')+1:], before
	}
	switch at, slash := strings.LastIndexByte(local, '@'), strings.IndexByte(local, '/'); {
	case at >= 0:
		// AzureAD\anna@contoso.example
		local, domain = local[:at], local[at+1:]
	case slash >= 0 && domain == "":
		local, domain = local[slash+1:], local[:slash]
	}
	local, domain = fold(between(local)), canonicalDomain(withoutSeparators(canonicalDomain(domain)))
	if local == "" {
		return Fold(withoutSeparators(text)), ""
	}
	if slices.Contains(noDomains, domain) || isNoHost(firstLabel(domain)) || domain == label || domain == host {
		domain = ""
	}
	return local, domain
}

// splitEmail reads an address that somebody proved: it has one spelling, and a
// domain that always counts.
func splitEmail(text string) (local, domain string) {
	text = asTyped.Replace(visible(text))
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return Fold(text), ""
	}
	return Fold(text[:at]), FoldHost(withoutSeparators(FoldHost(text[at+1:])))
}

// agree reports whether two domains of user names are one: equal, or the short
// one is the other's first label. None agrees with none alone.
func agree(a, b string) bool {
	switch {
	case a == b:
		return true
	case a == "" || b == "" || isFull(a) == isFull(b):
		return false
	}
	return firstLabel(a) == firstLabel(b)
}

// isFull tells contoso.example from CONTOSO.
func isFull(domain string) bool { return strings.Contains(domain, ".") }

func firstLabel(name string) string {
	label, _, _ := strings.Cut(name, ".")
	return label
}
