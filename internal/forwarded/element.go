package forwarded

import (
	"errors"
	"net/netip"
	"strings"
)

var (
	errElement = errors.New("not an element of RFC 7239")
	errNoFor   = errors.New("an element without for=")
)

// tokenChars are those of a token (RFC 9110 section 5.6.2).
const tokenChars = letters + digits + "!#$%&'*+-.^_`|~"

// parseElement reads the address that for= names in an element of Forwarded
// (RFC 7239 section 4). Beyond the standard, the colons and brackets of an address
// need not be quoted.
func parseElement(element string) (netip.Addr, error) {
	node, found := "", false
	for _, pair := range splitUnquoted(element, ';') {
		if pair = trimSpace(pair); pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		value, ok := valueOf(value)
		if !ok || name == "" || strings.Trim(name, tokenChars) != "" {
			return netip.Addr{}, errElement
		}
		if strings.EqualFold(name, "for") {
			if found {
				return netip.Addr{}, errElement
			}
			node, found = value, true
		}
	}
	if !found {
		return netip.Addr{}, errNoFor
	}
	return parseNode(node)
}

// valueOf is the value of a token or a quoted string.
func valueOf(raw string) (string, bool) {
	inner, quoted := strings.CutPrefix(raw, `"`)
	if !quoted {
		return raw, raw != "" && strings.Trim(raw, tokenChars+"[]:") == ""
	}
	var value strings.Builder
	for i := 0; i < len(inner); i++ {
		switch inner[i] {
		case '"':
			return value.String(), i == len(inner)-1
		case '\\':
			if i++; i == len(inner) {
				return "", false
			}
		}
		value.WriteByte(inner[i])
	}
	return "", false
}

// splitUnquoted splits the text at each separator outside quoted strings. A string
// that is never closed extends to the end.
func splitUnquoted(text string, separator byte) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}
