package desk

import (
	"encoding/base64"
	"regexp"
	"strings"

	"muster/tokens"
	"muster/tokens/secrets"
)

var (
	secretPart = regexp.MustCompile(`(?i)\bm(rt|rf|ak)_[0-9a-z]*`)
	jwtWhole   = regexp.MustCompile(`\beyJ[\w-]+\.[\w-]+\.[\w-]+`)
	jwtPart    = regexp.MustCompile(`\beyJ[\w-]{6,}`)
	// base64Run may be a credential, as an Authorization header has it.
	base64Run = regexp.MustCompile(`[0-9A-Za-z+/_-]{24,}={0,2}`)
	// longRun is longer than an id, and has no separator: a part of a secret, or a
	// serial number.
	longRun = regexp.MustCompile(`(?i)[0-9a-z]{27,}`)
)

// hintLength is the longest beginning of a secret that is not yet secret:
// prefix and public id.
const hintLength = secrets.PrefixLength + secrets.IDLength

var secretKinds = []struct {
	kind   queryKind
	prefix secrets.Kind
}{
	{queryRegistrationToken, secrets.RegistrationToken}, {queryRefreshToken, secrets.RefreshToken}, {queryAPIKey, secrets.APIKey},
}

// recogniseSecret finds a secret, most of one, or the beginning that lists
// show, in a link, a log line, a header or a sentence.
func recogniseSecret(plain string) (query, bool) {
	if at := secretPart.FindStringIndex(plain); at != nil {
		return recognisePrefixed(plain[at[0]:at[1]], plain[at[0]:]), true
	}
	if part := jwtWhole.FindString(plain); part != "" {
		return query{kind: queryAccessToken, text: part}, true
	}
	if jwtPart.MatchString(plain) || secrets.Within(plain) {
		return query{kind: queryMistyped}, true
	}
	for _, run := range base64Run.FindAllString(plain, -1) {
		if decoded := decodeBase64(run); secretPart.MatchString(decoded) {
			return recogniseSecret(decoded)
		}
	}
	for _, run := range longRun.FindAllString(plain, -1) {
		if q, ok := wholeSecret(run, true); ok {
			return q, true
		}
		if isPartOfSecret(run) {
			return query{kind: queryMistyped}, true
		}
	}
	return query{}, false
}

// recognisePrefixed reads what has the prefix of a secret. Onwards is the text from
// there on: mail programs break long words.
func recognisePrefixed(part, onwards string) query {
	if q, ok := wholeSecret(part, false); ok {
		return q
	}
	for _, s := range secretKinds {
		if !strings.EqualFold(part[:secrets.PrefixLength], string(s.prefix)) {
			continue
		}
		if whole, err := secrets.Find(s.prefix, onwards); err == nil {
			return query{kind: s.kind, text: whole.Secret().Reveal()}
		}
	}
	prefix, body := secrets.Kind(strings.ToLower(part[:secrets.PrefixLength])), strings.ToLower(misread.Replace(strings.ToUpper(part[secrets.PrefixLength:])))
	switch {
	case prefix == secrets.RegistrationToken && len(part) <= hintLength && body != "":
		return query{kind: queryHint, text: body}
	case prefix != secrets.APIKey && len(body) > secrets.IDLength && tokens.ValidID(body[:secrets.IDLength]):
		return query{kind: queryMistyped, text: body[:secrets.IDLength]}
	}
	return query{kind: queryMistyped}
}

// wholeSecret reads a secret that has, or lost, its prefix.
func wholeSecret(text string, lost bool) (query, bool) {
	for _, s := range secretKinds {
		whole := text
		if lost {
			whole = string(s.prefix) + text
		}
		if _, err := secrets.Parse(s.prefix, whole); err == nil {
			return query{kind: s.kind, text: whole}, true
		}
	}
	return query{}, false
}

// isPartOfSecret tells a part of a secret that lost its prefix from serial numbers,
// which are hexadecimal or have few digits or letters.
func isPartOfSecret(run string) bool {
	run = strings.ToLower(misread.Replace(strings.ToUpper(run)))
	const few = 4
	digits, beyondHex := 0, 0
	for _, r := range run {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == 'u':
			return false
		case r > 'f':
			beyondHex++
		}
	}
	return digits >= few && beyondHex >= few
}

func decodeBase64(text string) string {
	text = strings.TrimRight(text, "=")
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if decoded, err := encoding.DecodeString(text); err == nil {
			return string(decoded)
		}
	}
	return ""
}
