package seen

import (
	"cmp"
	"time"

	"muster/models"
	"muster/models/mask"
)

// The rows are embedded under unexported names: other packages read their fields
// and methods, but cannot make one from a row that was not masked.
type (
	authToken         = models.AuthToken
	registrationToken = models.RegistrationToken
	redemption        = models.Redemption
	refusedAttempt    = models.RefusedAttempt
	expectation       = models.Expectation
	apiKey            = models.APIKey
)

// AuthToken is an auth token as its viewer may see it.
type AuthToken struct {
	authToken
	stored *models.AuthToken
}

// Version is that of the row as it is stored: masking makes no other one of it.
func (t *AuthToken) Version() string { return t.stored.Version() }

// AuthToken masks one for the viewer. Its owner sees all of it.
func (v Viewer) AuthToken(t *models.AuthToken) AuthToken {
	shown := AuthToken{*t, t}
	if v.sees(object{models.ObjectAuthToken, t.ID}, object{models.ObjectRegistrationToken, t.RegistrationTokenID}) || t.BelongsTo(v.Actor) {
		return shown
	}
	maskClaimed(&shown.ClaimedIdentity)
	maskVerified(&shown.VerifiedIdentity)
	maskCustomer(&shown.Customer)
	shown.IP, shown.LastSeenIP, shown.UserAgent = mask.IP(t.IP), mask.IP(t.LastSeenIP), mask.Agent(t.UserAgent)
	maskTexts(&shown.DeletedBy, &shown.DeleteReason, &shown.EndReason)
	return shown
}

// Identity is who holds an auth token, as its viewer may see it.
type Identity struct {
	Claimed  models.ClaimedIdentity
	Verified models.VerifiedIdentity
}

// Identity masks who holds an auth token for the viewer.
func (v Viewer) Identity(t *models.Standing) Identity {
	shown := Identity{t.ClaimedIdentity, t.VerifiedIdentity}
	if !v.sees(object{models.ObjectAuthToken, t.ID}, object{models.ObjectRegistrationToken, t.RegistrationTokenID}) {
		maskClaimed(&shown.Claimed)
		maskVerified(&shown.Verified)
	}
	return shown
}

// Person is who holds it.
func (t *AuthToken) Person() Person { return personOf(t.VerifiedIdentity, t.ClaimedIdentity) }

// RegistrationToken is a registration token as its viewer may see it: its
// labels often name the person it is for.
type RegistrationToken struct {
	registrationToken
	stored *models.RegistrationToken
}

// Version is that of the row as it is stored: masking makes no other one of it.
func (t *RegistrationToken) Version() string { return t.stored.Version() }

// GivenBack puts what is stored in the place of texts that are given back as the viewer
// sees them: a masked text is no change.
func (t *RegistrationToken) GivenBack(s models.RegistrationTokenSettings) models.RegistrationTokenSettings {
	for _, text := range []struct {
		given         **string
		shown, stored string
	}{
		{&s.Identifier, t.Identifier, t.stored.Identifier}, {&s.RefID1, t.RefID1, t.stored.RefID1},
		{&s.RefID2, t.RefID2, t.stored.RefID2}, {&s.Note, t.Note, t.stored.Note},
	} {
		if *text.given != nil && **text.given == text.shown {
			*text.given = &text.stored
		}
	}
	return s
}

// RegistrationToken masks one for the viewer.
func (v Viewer) RegistrationToken(t *models.RegistrationToken) RegistrationToken {
	shown := RegistrationToken{*t, t}
	if v.sees(object{models.ObjectRegistrationToken, t.ID}) {
		return shown
	}
	maskCustomer(&shown.Customer)
	maskTexts(&shown.Identifier, &shown.RefID1, &shown.RefID2, &shown.Note, &shown.CreatedBy, &shown.DisabledBy, &shown.DeletedBy)
	shown.Networks = make([]string, len(t.Networks))
	for i, network := range t.Networks {
		shown.Networks[i] = mask.Text(network)
	}
	return shown
}

// Redemption is a row of the ledger as its viewer may see it.
type Redemption struct{ redemption }

// Person is who redeemed.
func (r *Redemption) Person() Person { return personOf(r.VerifiedIdentity, r.ClaimedIdentity) }

func (v Viewer) redemption(r *models.Redemption) Redemption {
	shown := Redemption{*r}
	if v.sees(object{models.ObjectRegistrationToken, r.RegistrationTokenID}, object{models.ObjectAuthToken, r.AuthTokenID}) {
		return shown
	}
	maskClaimed(&shown.ClaimedIdentity)
	maskVerified(&shown.VerifiedIdentity)
	shown.IP, shown.UserAgent = mask.IP(r.IP), mask.Agent(r.UserAgent)
	return shown
}

// TokenUse is one row of "who used it".
type TokenUse struct {
	Redemption            Redemption
	AuthToken             AuthToken
	Reclaimed, Unexpected bool
}

func (v Viewer) tokenUse(u *models.TokenUse) TokenUse {
	return TokenUse{v.redemption(&u.Redemption), v.AuthToken(&u.AuthToken), u.AuthToken.CountReclaimed, u.AuthToken.Unexpected}
}

// UseGroup is uses that share something; see [models.UseGroup].
type UseGroup struct {
	Unknown                  bool
	Uses, Reclaimed, Surplus int
	Live, Ended, Deleted     int
	People, Devices          int
	First, Last              AuthToken
}

func (v Viewer) useGroup(g *models.UseGroup) UseGroup {
	return UseGroup{
		Unknown: g.Unknown, Uses: g.Uses, Reclaimed: g.Reclaimed, Surplus: g.Surplus, Live: g.Live, Ended: g.Ended, Deleted: g.Deleted,
		People: g.People, Devices: g.Devices, First: v.AuthToken(&g.First), Last: v.AuthToken(&g.Last),
	}
}

// RefusedAttempt is a refused attempt as its viewer may see it.
type RefusedAttempt struct{ refusedAttempt }

// Person is who was turned away.
func (a *RefusedAttempt) Person() Person { return personOf(a.VerifiedIdentity, a.ClaimedIdentity) }

func (v Viewer) refusedAttempt(a *models.RefusedAttempt) RefusedAttempt {
	shown, of := RefusedAttempt{*a}, object{models.ObjectRegistrationToken, ""}
	if a.RegistrationTokenID != nil {
		of.id = *a.RegistrationTokenID
	}
	if v.sees(object{models.ObjectRefusedAttempt, a.SupportCode}, of) {
		return shown
	}
	maskClaimed(&shown.ClaimedIdentity)
	maskVerified(&shown.VerifiedIdentity)
	shown.IP, shown.UserAgent = mask.IP(a.IP), mask.Agent(a.UserAgent)
	return shown
}

// Expectation is an entry of the expected list.
type Expectation struct{ expectation }

// Expectation masks one for the viewer.
func (v Viewer) Expectation(e *models.Expectation) Expectation {
	shown := Expectation{*e}
	if !v.sees(object{models.ObjectRegistrationToken, e.RegistrationTokenID}) {
		maskTexts(&shown.Pattern, &shown.Folded, &shown.Note)
	}
	return shown
}

// APIKey is an API key as its viewer may see it.
type APIKey struct{ apiKey }

// APIKey masks one for the viewer.
func (v Viewer) APIKey(k *models.APIKey) APIKey {
	shown := APIKey{*k}
	if !v.sees() {
		maskTexts(&shown.Name, &shown.CreatedBy, &shown.RevokedBy)
	}
	return shown
}

// Attention is a registration token that needs attention.
type Attention struct {
	RegistrationToken
	// Refused, RefusedSince and ByClaim are those of [models.Attention].
	Refused      int
	RefusedSince time.Time
	ByClaim      int
}

// Person is who stands behind a redemption or a refused attempt: whoever was
// signed in, else what the device reported.
type Person struct {
	// Name is the e-mail address or subject of a verified person, else the
	// system user name as the device reported it; may be empty.
	Name string
	// Verified says that Name comes from a sign-in, not from the device.
	Verified bool
	// Reported is the system user name that the device gave along with a verified
	// Name; may be empty.
	Reported string
}

func personOf(verified models.VerifiedIdentity, claimed models.ClaimedIdentity) Person {
	if verified.IsZero() {
		return Person{Name: claimed.SystemUserName}
	}
	return Person{Name: cmp.Or(verified.Email, verified.Subject), Verified: true, Reported: claimed.SystemUserName}
}

func maskTexts(texts ...*string) {
	for _, text := range texts {
		*text = mask.Text(*text)
	}
}

// maskClaimed masks every field: whatever a device reports is free text.
func maskClaimed(c *models.ClaimedIdentity) {
	mac := mask.MAC(c.MACAddress)
	for _, field := range models.ClaimedFields {
		maskTexts(field.Of(c))
	}
	c.MACAddress = mac
}

func maskVerified(v *models.VerifiedIdentity) { maskTexts(&v.Subject, &v.Email) }

func maskCustomer(c *models.Customer) { maskTexts(&c.Identifier, &c.Name) }
