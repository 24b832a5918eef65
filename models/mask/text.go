package mask

import (
	"html"
	"net"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"muster/models"
)

// Text hides the e-mail and IP addresses in a text, such as a user name, host
// name, label or reason. Two people, or two networks, can still be told apart. A
// text without an address keeps its spelling.
func Text(text string) string {
	if !models.MayHoldAddress(text) {
		return text
	}
	// HTML references end with a separator, so they are decoded before the text is
	// split into words.
	clean := text
	for range escapes {
		clean = html.UnescapeString(clean)
	}
	clean = quotedLocalPart.ReplaceAllString(clean, "*@")
	if masked := words.ReplaceAllStringFunc(clean, maskWord); masked != clean {
		return masked
	}
	return text
}

// separators are what no address holds outside quotes: white space, and some of
// the specials of RFC 5322 section 3.2.3.
const separators = `\t-\r \x{85}\pZ<>"(),;\[\]`

var (
	words     = regexp.MustCompile(`[^` + separators + `]+`)
	separator = regexp.MustCompile(`[` + separators + `]`)
)

// quotedLocalPart is a name before an @ that may hold separators (RFC 5321
// section 4.1.2).
var quotedLocalPart = regexp.MustCompile(`"[^"]*"[@＠﹫]`)

// escapes is how often a text may be escaped; more often, and it is unreadable.
const escapes = 3

// maskWord masks a word as it reads once its escapes and compatibility forms are
// decoded. A word without an address keeps its spelling.
func maskWord(word string) string {
	clean := word
	for range escapes {
		clean = plainSpelling(clean)
	}
	var masked string
	if separator.MatchString(clean) {
		masked = Text(clean)
	} else {
		masked = maskIPs(maskEmail(clean))
	}
	if masked == clean {
		return word
	}
	return masked
}

var percentEscapes = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)

var fullStops = strings.NewReplacer("。", ".", "｡", ".") // IDNA takes them for dots, NFKC does not

// plainSpelling decodes one layer of percent-escapes, HTML references and
// compatibility forms, and drops invisible characters.
func plainSpelling(text string) string {
	text = percentEscapes.ReplaceAllStringFunc(text, func(escaped string) string {
		if decoded, err := url.PathUnescape(escaped); err == nil && utf8.ValidString(decoded) {
			return decoded
		}
		return escaped
	})
	text = fullStops.Replace(norm.NFKC.String(html.UnescapeString(text)))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

// maskEmail keeps the first character and the domain: a…@contoso.example.
// Everything before the last @ of a word is taken for the name: what RFC 5322
// does not allow would otherwise get through.
func maskEmail(word string) string {
	at := strings.LastIndexByte(word, '@')
	if at < 0 {
		return word
	}
	name := strings.TrimPrefix(word[:at], "mailto:")
	scheme := word[:at-len(name)]
	_, size := utf8.DecodeRuneInString(name)
	return scheme + name[:size] + "…" + word[at:]
}

// Agent is Text for a User-Agent, in which a browser's version looks like
// an IP address: Chrome/131.0.0.0. Only networks have addresses that end that way.
func Agent(agent string) string {
	words := strings.Split(agent, " ")
	for i, word := range words {
		if _, version, ok := strings.Cut(word, "/"); !ok || !browserVersion.MatchString(version) {
			words[i] = Text(word)
		}
	}
	return strings.Join(words, " ")
}

var browserVersion = regexp.MustCompile(`^[0-9]{1,3}\.0\.0\.0$`)

// MAC keeps a valid hardware address; a device may report anything.
func MAC(mac string) string {
	if _, err := net.ParseMAC(mac); err == nil {
		return mac
	}
	return Text(mac)
}
