package desk

import (
	"net/netip"
	"regexp"
	"strings"

	"muster/models"
	"muster/tokens"
)

// askedKind is what a text given to the desk looks like.
type askedKind int

const (
	askedNothing askedKind = iota
	askedRegistrationToken
	askedRefreshToken
	askedAccessToken
	askedAPIKey
	askedMistyped // a secret that lost or changed a character
	askedHint     // the beginning of a registration token, as lists show it
	askedSupportCode
	askedID
	askedMAC
	askedIP
	askedEmail
	askedText // a person, a computer, a label, a reference
)

// asked is a text and what it looks like. Secrets and support codes are
// normalised: a secret stands alone, a code is spelled as it was issued.
type asked struct {
	kind askedKind
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
func recognise(text string) asked {
	text = strings.TrimSpace(text)
	if part := secretPart.FindString(text); part != "" {
		return recogniseSecret(part)
	}
	if part := jwtPart.FindString(text); part != "" {
		return asked{askedAccessToken, part}
	}
	code := supportCode.FindStringSubmatch(text)
	_, notIP := netip.ParseAddr(text)
	switch {
	case text == "":
		return asked{askedNothing, ""}
	case tokens.LooksLikeSecret(text):
		return asked{askedMistyped, ""}
	case code != nil:
		return asked{askedSupportCode, strings.ToUpper(code[1] + "-" + code[2])}
	case idText.MatchString(text):
		return asked{askedID, strings.ToLower(text)}
	case models.MACSpellings(text) != nil:
		return asked{askedMAC, text}
	case notIP == nil:
		return asked{askedIP, text}
	case strings.Contains(text, "@"):
		return asked{askedEmail, text}
	default:
		return asked{askedText, text}
	}
}

func recogniseSecret(part string) asked {
	for kind, prefix := range map[askedKind]tokens.SecretKind{
		askedRegistrationToken: tokens.SecretRegistrationToken, askedRefreshToken: tokens.SecretRefreshToken, askedAPIKey: tokens.SecretAPIKey,
	} {
		if _, err := tokens.ParseSecret(prefix, part); err == nil {
			return asked{kind, part}
		}
	}
	if lower := strings.ToLower(part); len(part) <= hintLength && strings.HasPrefix(lower, string(tokens.SecretRegistrationToken)) && len(part) > len("mrt_") {
		return asked{askedHint, lower[len("mrt_"):]}
	}
	return asked{askedMistyped, ""}
}

// words names what a text was recognised as.
func (k askedKind) words() string {
	switch k {
	case askedMAC:
		return "a MAC address"
	case askedIP:
		return "an IP address"
	case askedEmail:
		return "an e-mail address"
	case askedHint:
		return "the beginning of a registration token"
	case askedID:
		return "an id"
	default:
		return "a person, a computer, a label or a reference"
	}
}
