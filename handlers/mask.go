package handlers

import (
	"net"
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"

	"muster/models"
)

// Masking keeps e-mail and IP addresses from people who may search and read
// but not see personal data (PRODUCT section 7). Pages, REST, live updates
// and exports use the same functions. What remains is enough to tell two
// people or two networks apart.

// masksPersonalData reports whether answers to the actor must be masked.
func masksPersonalData(actor models.Actor) bool {
	return !actor.Can(models.PermissionPersonalDataRead)
}

// emailLike finds e-mail addresses inside a text. It is wider than RFC 5322
// on purpose: what merely looks like one is masked too.
var emailLike = regexp.MustCompile(`[^\s<>"'(),;:=]+@[^\s<>"'(),;:=@]+`)

// ipLike finds what may be an IP address inside a text; netip decides.
var ipLike = regexp.MustCompile(`[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f.]{0,15}){2,8}`)

// maskEmail keeps the first character and the domain: a…@contoso.example.
func maskEmail(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return email
	}
	_, size := utf8.DecodeRuneInString(email[:at])
	return email[:size] + "…" + email[at:]
}

// maskIP keeps the network: 10.1.*.* for IPv4, the first 32 bits of an IPv6
// address, 2001:db8:*. What is no address is hidden altogether.
func maskIP(ip string) string {
	if ip == "" {
		return ""
	}
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return "*"
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		parts := strings.SplitN(address.String(), ".", 3)
		return parts[0] + "." + parts[1] + ".*.*"
	}
	prefix, err := address.Prefix(32)
	if err != nil {
		return "*"
	}
	return strings.TrimSuffix(prefix.Addr().String(), "::") + ":*"
}

// maskName masks a text that may be, or hold, an e-mail or IP address: user
// names, host names, labels, reasons.
func maskName(text string) string {
	return ipLike.ReplaceAllStringFunc(maskEmails(text), func(found string) string {
		if _, err := netip.ParseAddr(found); err != nil {
			return found
		}
		return maskIP(found)
	})
}

func maskEmails(text string) string { return emailLike.ReplaceAllStringFunc(text, maskEmail) }

// maskUserAgent is maskName for a text whose version numbers look like IP
// addresses: Chrome/131.0.0.0.
func maskUserAgent(agent string) string {
	words := strings.Split(agent, " ")
	for i, word := range words {
		if product, version, ok := strings.Cut(word, "/"); ok && !strings.Contains(word, "://") {
			words[i] = maskName(product) + "/" + maskEmails(version)
			continue
		}
		words[i] = maskName(word)
	}
	return strings.Join(words, " ")
}

func maskCustomer(c *models.Customer) {
	c.Identifier, c.Name = maskName(c.Identifier), maskName(c.Name)
}

// maskMAC leaves a hardware address as it is; a device may report anything.
func maskMAC(mac string) string {
	if _, err := net.ParseMAC(mac); err == nil {
		return mac
	}
	return maskName(mac)
}

// maskClaimed masks every field: what the device reports is free text.
func maskClaimed(c *models.ClaimedIdentity) {
	mac := maskMAC(c.MACAddress)
	for _, field := range models.ClaimedFields {
		text := field.Of(c)
		*text = maskName(*text)
	}
	c.MACAddress = mac
}

func maskVerified(v *models.VerifiedIdentity) {
	v.Subject, v.Email = maskName(v.Subject), maskEmail(v.Email)
}

// masked is the auth token as the actor may see it: itself, or a masked copy.
func masked(actor models.Actor, t *models.AuthToken) *models.AuthToken {
	if !masksPersonalData(actor) {
		return t
	}
	m := *t
	maskClaimed(&m.ClaimedIdentity)
	maskVerified(&m.VerifiedIdentity)
	maskCustomer(&m.Customer)
	m.IP, m.LastSeenIP, m.UserAgent = maskIP(t.IP), maskIP(t.LastSeenIP), maskUserAgent(t.UserAgent)
	m.DeletedBy, m.DeleteReason, m.EndReason = maskName(t.DeletedBy), maskName(t.DeleteReason), maskName(t.EndReason)
	return &m
}

// maskedRegistrationToken is [masked] for a registration token, whose labels
// often name the person it is for.
func maskedRegistrationToken(actor models.Actor, t *models.RegistrationToken) *models.RegistrationToken {
	if !masksPersonalData(actor) {
		return t
	}
	m := *t
	maskCustomer(&m.Customer)
	for _, text := range []*string{&m.Identifier, &m.RefID1, &m.RefID2, &m.Note, &m.CreatedBy, &m.DisabledBy, &m.DeletedBy} {
		*text = maskName(*text)
	}
	return &m
}

// maskedUse is [masked] for a row of "who used it".
func maskedUse(actor models.Actor, use *models.TokenUse) *models.TokenUse {
	if !masksPersonalData(actor) {
		return use
	}
	m := *use
	m.AuthToken = *masked(actor, &use.AuthToken)
	maskClaimed(&m.Redemption.ClaimedIdentity)
	maskVerified(&m.Redemption.VerifiedIdentity)
	m.Redemption.IP, m.Redemption.UserAgent = maskIP(m.Redemption.IP), maskUserAgent(m.Redemption.UserAgent)
	return &m
}

// maskedExpectation is [masked] for an entry of the list of the expected.
func maskedExpectation(actor models.Actor, e *models.Expectation) *models.Expectation {
	if !masksPersonalData(actor) {
		return e
	}
	m := *e
	m.Pattern, m.Folded, m.Note = maskName(e.Pattern), maskName(e.Folded), maskName(e.Note)
	return &m
}

// maskedAttempt is [masked] for a refused attempt.
func maskedAttempt(actor models.Actor, attempt *models.RefusedAttempt) *models.RefusedAttempt {
	if !masksPersonalData(actor) {
		return attempt
	}
	m := *attempt
	maskClaimed(&m.ClaimedIdentity)
	maskVerified(&m.VerifiedIdentity)
	m.IP, m.UserAgent = maskIP(m.IP), maskUserAgent(m.UserAgent)
	return &m
}
