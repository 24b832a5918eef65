package desk

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"muster/models"
	"muster/models/names"
	"muster/tokens/secrets"
	"muster/views/paths"
)

// queryKind is what a text given to the desk looks like.
type queryKind int

const (
	queryNothing queryKind = iota
	queryRegistrationToken
	queryRefreshToken
	queryAccessToken
	queryAPIKey
	queryMistyped // a secret that lost or changed a character
	queryHint     // the beginning of a registration token, as lists show it
	querySupportCode
	queryID
	queryResult // a sealed result address of ours
	queryMAC
	queryIP
	queryNetwork
	queryEmail
	queryText // a person, a computer, a label, a reference
)

// query is a text and what it looks like.
type query struct {
	kind queryKind
	// text is what to search for, without what stands around it: a secret alone, of
	// a mistyped one the public id, of a support code how it was typed.
	text string
	// codes are the support codes in it, spelled as issued; ids the ids.
	codes, ids []string
	// says that a support code calls itself one, or looks like nothing else.
	says bool
	// network is what a queryNetwork asks for, and what a queryText may ask for: 10.29 is
	// the beginning of an address, or a word.
	network netip.Prefix
	// others is how many further e-mail addresses stand in the text.
	others int
}

// recognise tells what a text looks like, and takes what matters from what
// stands around it: a sentence, an answer of ours, an address, a mail's subject.
// Secrets come first, and what looks like a part of one is never taken for a name.
func recognise(pasted string) query {
	text := tidy(pasted)
	plain := plainly(text)
	result, isResult := recogniseResult(text)
	if result.kind == queryResult && !secrets.Within(plain) {
		return result // what is sealed in it looks like anything
	}
	if q, ok := recogniseSecret(plain); ok {
		return q
	}
	if isResult {
		return result
	}
	if q, ok := recogniseLabelledCode(plain); ok {
		return q
	}
	if ids := idsIn(plain); len(ids) > 0 {
		return query{kind: queryID, ids: ids}
	}
	text, plain = valueOf(text), valueOf(plain)
	bare := strings.Trim(plain, around)
	if q, ok := recogniseCode(bare); ok {
		return q
	}
	if q, ok := recogniseMachine(plain, bare); ok {
		return q
	}
	if bare == "" {
		return query{}
	}
	if q, ok := recogniseCodeWithin(plain); ok {
		return q
	}
	if q, ok := recogniseWithin(plain); ok {
		return q
	}
	if network, ok := models.TypedNetwork(bare + "."); ok && octets.MatchString(bare) {
		return query{kind: queryText, text: bare, network: network}
	}
	return query{kind: queryText, text: text}
}

// resultAddress is an address of a search result.
var resultAddress = regexp.MustCompile(regexp.QuoteMeta(paths.Investigate) + `\?([^\s"'<>#]+)`)

func recogniseResult(text string) (query, bool) {
	found := resultAddress.FindStringSubmatch(text)
	if found == nil {
		return query{}, false
	}
	values, err := url.ParseQuery(found[1])
	switch {
	case err != nil:
		return query{}, false
	case values.Get(paths.ParamRef) != "":
		return query{kind: queryResult, text: values.Get(paths.ParamRef)}, true
	case values.Get(paths.ParamQuery) != "" && !resultAddress.MatchString(values.Get(paths.ParamQuery)):
		return recognise(values.Get(paths.ParamQuery)), true
	}
	return query{}, false
}

var idWithin = regexp.MustCompile(`(?i)(?:^|[^0-9a-z_])([0-7][0-9a-hjkmnp-tv-z]{25})(?:$|[^0-9a-z_])`)

// idsIn are the ids in a text, or in an address.
func idsIn(plain string) []string {
	var ids []string
	for len(plain) > 0 {
		at := idWithin.FindStringSubmatchIndex(plain)
		if at == nil {
			break
		}
		if id := strings.ToLower(plain[at[2]:at[3]]); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		plain = plain[at[3]:] // what ends one may begin the next
	}
	return ids
}

var (
	// starred are the groups of an address that somebody left open.
	starred = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)*(?:\.(?:[xX]|0-255))+$`)
	// octets are the first two or three of an address.
	octets = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+){1,2}$`)
)

// recogniseMachine reads a text that is the address of machines and nothing else.
func recogniseMachine(plain, bare string) (query, bool) {
	if starred.MatchString(plain) { // 10.77.0-255.0-255 has as many digits as a MAC address
		plain = strings.NewReplacer("x", "*", "X", "*", "0-255", "*").Replace(plain)
		bare = strings.Trim(plain, around)
	}
	if names.MACSpellings(bare) != nil {
		return query{kind: queryMAC, text: bare}, true
	}
	for _, text := range []string{plain, bare} { // an IPv6 address may end in colons
		if ip, ok := typedIP(text); ok {
			return query{kind: queryIP, text: ip}, true
		}
	}
	if network, ok := models.TypedNetwork(plain); ok {
		return query{kind: queryNetwork, network: network}, true
	}
	return query{}, false
}

// typedIP is an address, with or without brackets, a port or a zone, as the
// database spells it.
func typedIP(text string) (string, bool) {
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		var withPort netip.AddrPort
		if withPort, err = netip.ParseAddrPort(text); err == nil {
			address = withPort.Addr()
		}
	}
	if err != nil {
		var prefix netip.Prefix
		if prefix, err = netip.ParsePrefix(text); err != nil || !prefix.IsSingleIP() {
			return "", false
		}
		address = prefix.Addr()
	}
	return address.Unmap().WithZone("").String(), true
}

// emailWithin is an e-mail address in a text; a device's user@host is one too.
var emailWithin = regexp.MustCompile(`[^\s<>"'(),;:\[\]\\*.@][^\s<>"(),;:\[\]\\]*@[^\s<>"'(),;:\[\]\\*.@][^\s<>"'(),;:\[\]\\*]*`)

// recogniseWithin finds an address in a sentence.
func recogniseWithin(plain string) (query, bool) {
	var emails []string
	for _, email := range emailWithin.FindAllString(plain, -1) {
		if email = strings.TrimRight(email, ".@"); !slices.Contains(emails, email) {
			emails = append(emails, email)
		}
	}
	if len(emails) > 0 {
		q := query{kind: queryEmail, text: emails[0]}
		if emails[0] != plain { // it may say what it is, or begin with a support code
			q = recognise(emails[0])
		}
		if q.kind == queryEmail {
			q.others += len(emails) - 1
		}
		return q, true
	}
	for word := range strings.FieldsFuncSeq(plain, func(r rune) bool { return strings.ContainsRune(" ,;()<>\"'", r) }) {
		word = strings.TrimLeft(strings.TrimRight(word, ".:!?"), ".")
		if ip, ok := typedIP(word); ok {
			return query{kind: queryIP, text: ip}, true
		}
		if strings.ContainsAny(word, ":-.") && names.MACSpellings(word) != nil {
			return query{kind: queryMAC, text: word}, true
		}
		if network, ok := models.TypedNetwork(word); ok && strings.Contains(word, "/") {
			return query{kind: queryNetwork, network: network}, true
		}
	}
	return query{}, false
}

// words names what a text was recognised as.
func (q query) words() string {
	switch q.kind {
	case querySupportCode:
		return "a support code"
	case queryMAC:
		return "a MAC address"
	case queryIP:
		return "an IP address"
	case queryNetwork:
		return "a network"
	case queryEmail:
		return "an e-mail address"
	case queryHint:
		return "the beginning of a registration token"
	case queryID:
		return "an id"
	default:
		if q.network.IsValid() {
			return "a network, a label or a reference"
		}
		return "a person, a computer, a label or a reference"
	}
}
