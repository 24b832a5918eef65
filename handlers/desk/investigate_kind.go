package desk

import (
	"net/netip"
	"regexp"
	"strings"

	"muster/models/names"
	"muster/tokens"
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
	queryMAC
	queryIP
	queryEmail
	queryText // a person, a computer, a label, a reference
)

// query is a text and what it looks like. Secrets and support codes are
// normalised: a secret stands alone, a code is spelled as it was issued.
type query struct {
	kind queryKind
	text string
}

var (
	// supportCode is one as people type it: any case, with or without the dash.
	supportCode = regexp.MustCompile(`^([0-9A-Za-z]{4})[- ]?([0-9A-Za-z]{4})$`)
	secretPart  = regexp.MustCompile(`(?i)\bm(rt|rf|ak)_[0-9a-z]*`)
	jwtPart     = regexp.MustCompile(`\beyJ[\w-]+\.[\w-]+\.[\w-]+`)
	idText      = regexp.MustCompile(`^[0-7][0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z]{25}$`)
)

// hintLength is the longest beginning of a secret that is not yet secret:
// prefix and public id.
const hintLength = len("mrt_") + 26

// recognise tells what a text looks like. It finds a secret inside a redeem
// link or a log line too. What looks like a secret is never taken for a name.
func recognise(text string) query {
	text = strings.TrimSpace(text)
	if part := secretPart.FindString(text); part != "" {
		return recogniseSecret(part)
	}
	if part := jwtPart.FindString(text); part != "" {
		return query{queryAccessToken, part}
	}
	code := supportCode.FindStringSubmatch(text)
	_, ipErr := netip.ParseAddr(text)
	switch {
	case text == "":
		return query{queryNothing, ""}
	case tokens.LooksLikeSecret(text):
		return query{queryMistyped, ""}
	case code != nil:
		return query{querySupportCode, strings.ToUpper(code[1] + "-" + code[2])}
	case idText.MatchString(text):
		return query{queryID, strings.ToLower(text)}
	case names.MACSpellings(text) != nil:
		return query{queryMAC, text}
	case ipErr == nil:
		return query{queryIP, text}
	case strings.Contains(text, "@"):
		return query{queryEmail, text}
	default:
		return query{queryText, text}
	}
}

func recogniseSecret(part string) query {
	for kind, prefix := range map[queryKind]tokens.SecretKind{
		queryRegistrationToken: tokens.SecretRegistrationToken, queryRefreshToken: tokens.SecretRefreshToken, queryAPIKey: tokens.SecretAPIKey,
	} {
		if _, err := tokens.ParseSecret(prefix, part); err == nil {
			return query{kind, part}
		}
	}
	if lower := strings.ToLower(part); len(part) <= hintLength && strings.HasPrefix(lower, string(tokens.SecretRegistrationToken)) && len(part) > len("mrt_") {
		return query{queryHint, lower[len("mrt_"):]}
	}
	return query{queryMistyped, ""}
}

// words names what a text was recognised as.
func (k queryKind) words() string {
	switch k {
	case queryMAC:
		return "a MAC address"
	case queryIP:
		return "an IP address"
	case queryEmail:
		return "an e-mail address"
	case queryHint:
		return "the beginning of a registration token"
	case queryID:
		return "an id"
	default:
		return "a person, a computer, a label or a reference"
	}
}
