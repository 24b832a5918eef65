package rp

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"muster/models"
)

// claims is the JSON object of a token or of UserInfo.
type claims map[string]any

// exactNames are the claims that decide whether a token is valid.
// encoding/json, which go-oidc uses, would also fill "iss" from "ISS".
var exactNames = []string{
	"iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "at_hash", "azp", "typ", "events", "cnf",
	"client_id", "cid", "appid", "token_use",
}

// parseClaims reads a JSON object, and refuses one that two parsers could read
// differently: with a duplicate name at any depth, invalid UTF-8, or a checked name
// in another spelling.
func parseClaims(payload []byte) (claims, error) {
	if !jsontext.Value(payload).IsValid() {
		return nil, errors.New("not clean JSON (a name may occur twice)")
	}
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil || c == nil {
		return nil, errors.New("not a JSON object")
	}
	for name := range c {
		for _, exact := range exactNames {
			if name != exact && strings.EqualFold(name, exact) {
				return nil, fmt.Errorf("claim %q is a misspelt %q", name, exact)
			}
		}
	}
	return c, nil
}

// jwtParts decodes header and claims of a compact JWT without verifying it.
func jwtParts(raw string) (header, body claims, err error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return nil, nil, errors.New("not a signed JWT of three parts")
	}
	for i, into := range []*claims{&header, &body} {
		b, err := base64.RawURLEncoding.Strict().DecodeString(parts[i])
		if err != nil {
			return nil, nil, errors.New("not base64url")
		}
		if *into, err = parseClaims(b); err != nil {
			return nil, nil, err
		}
	}
	return header, body, nil
}

// checkHeader refuses headers that name their own key or demand an extension, and any
// typ that is not in the list (ignoring case and "application/", RFC 7515 section
// 4.1.9). A missing typ is accepted.
func checkHeader(header claims, types ...string) error {
	for _, name := range []string{"jwk", "jku", "x5u", "crit"} {
		if _, there := header[name]; there {
			return fmt.Errorf("header %q is not accepted", name)
		}
	}
	value, there := header["typ"]
	if !there {
		return nil
	}
	typ, _ := value.(string)
	typ = strings.TrimPrefix(strings.ToLower(typ), "application/")
	if !slices.Contains(types, typ) {
		return fmt.Errorf("typ %q is another kind of token", shorten(typ))
	}
	return nil
}

// text returns a string claim; "" when it is missing or not a string.
func (c claims) text(name string) string {
	s, _ := c[name].(string)
	return s
}

// has reports whether the claim exists and is not null.
func (c claims) has(name string) bool { return c[name] != nil }

// numericDate returns a NumericDate claim (RFC 7519 section 2), in seconds.
func (c claims) numericDate(name string) (time.Time, bool) {
	seconds, ok := c[name].(float64)
	// The bounds keep the conversion defined; they are the years 1 to 9999.
	if !ok || seconds < -62135596800 || seconds > 253402300799 {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// stringList reads a claim that may be one string or an array of them. ok is
// false when it is missing, null, or something else.
func stringList(value any) (list []string, ok bool) {
	switch v := value.(type) {
	case string:
		return []string{v}, true
	case []any:
		list = make([]string, 0, len(v))
		for _, e := range v {
			if s, isText := e.(string); isText {
				list = append(list, s)
			}
		}
		return list, true
	default:
		return nil, false
	}
}

// displayName is for people to read, never for decisions; a name that could mislead
// on a page is skipped.
func (c claims) displayName() string {
	full := strings.TrimSpace(c.text("given_name") + " " + c.text("family_name"))
	for _, name := range []string{c.text("name"), full, c.text("preferred_username")} {
		if name != "" && models.CheckText("name", name, models.MaxNameLength, false) == nil {
			return name
		}
	}
	return ""
}

// email is for people to read, and for the rules on who may redeem. If the provider
// says it is not verified, it may be anybody's and is left out. A provider that says
// nothing is trusted.
func (c claims) email() string {
	email := c.text("email")
	if c.emailUnverified() || strings.Count(email, "@") != 1 || strings.ContainsAny(email, " \t<>\",;") ||
		models.CheckText("email", email, models.MaxNameLength, false) != nil {
		return ""
	}
	return email
}

func (c claims) emailUnverified() bool {
	verified, said := c["email_verified"]
	return said && verified != true && verified != "true"
}

// subjectLimit is OIDC Core section 2: at most 255 ASCII characters.
const subjectLimit = 255

func (c claims) subject() (string, error) {
	sub := c.text("sub")
	if sub == "" {
		return "", errors.New("sub is missing")
	}
	if models.CheckText("sub", sub, subjectLimit, false) != nil {
		return "", errors.New("sub is longer than 255 characters, or not plain text")
	}
	return sub, nil
}
