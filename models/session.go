package models

import "time"

// Session is a signed-in person. The cookie holds the secret; only its
// digest is kept here.
type Session struct {
	// Digest is the SHA-256 of the cookie's secret.
	Digest  []byte `gorm:"primaryKey"`
	Issuer  string
	Subject string
	Email   string
	Name    string
	Role    Role
	// RoleFinding says why there is no role.
	RoleFinding RoleFinding
	// ProviderSession is what the provider calls its session (sid); empty where it
	// does not say.
	ProviderSession string
	// SealedIDToken is the provider's ID token, sealed under a key derived
	// from the cookie's secret; logout sends it as id_token_hint.
	SealedIDToken []byte
	// SealedRefreshToken is the provider's refresh token, sealed in the same way; nil
	// where it gave none.
	SealedRefreshToken []byte
	// CheckAt is when the provider is asked again who this is; nil for at once.
	CheckAt *time.Time
	SessionNotice
	CreatedAt    time.Time
	LastActiveAt time.Time
	ExpiresAt    time.Time // absolute end
	// Preferences are what the person chose, in every session of theirs.
	Preferences Preferences `gorm:"-"`
}

// MaxSessions is how many sessions a person has at most; a new one ends the oldest.
const MaxSessions = 10

// Why a session ended that nobody logged out of; the audit trail has it as
// the reason.
const (
	EndedByLimit    = "too_many_sessions"
	EndedByProvider = "logged_out_at_the_login_provider"
	EndedByRole     = "the_login_provider_gives_another_role"
	EndedUnchecked  = "the_login_provider_does_not_confirm_it_any_more"
)

// SessionProof is what the provider said when a session was checked again.
type SessionProof struct {
	SealedIDToken, SealedRefreshToken []byte
	// CheckAt is when it is asked next.
	CheckAt time.Time
}

// ProviderLogout is the provider's word that somebody has logged out there, for one of
// its sessions or, without Session, for all of them.
type ProviderLogout struct {
	Issuer           string
	Subject, Session string // one of them may be empty
	// ID is given once by the issuer; it must not count again before Expires.
	ID      string
	Expires time.Time
}

// SessionNotice is shown once on the next page of a session.
type SessionNotice struct {
	Notice     string // empty for none
	NoticeKind string
	// NoticeUndo is the request id of the call whose changes the notice offers to take
	// back; empty for none.
	NoticeUndo string
}

// Person is who is signed in, according to the login provider.
func (s *Session) Person() VerifiedIdentity {
	return VerifiedIdentity{Issuer: s.Issuer, Subject: s.Subject, Email: s.Email}
}

// Actor is the person doing something with this session.
func (s *Session) Actor(origin Origin) Actor {
	return Actor{
		Kind: ActorPerson, ID: s.Person().ActorID(), Name: s.Name,
		Role: s.Role, Permissions: s.Role.Permissions(), Origin: origin,
	}
}

// LoginFlow is a login that was finished and must not be finished again. Its data
// was in the browser; only the digest of its state is kept, until it would have
// expired anyway.
type LoginFlow struct {
	Digest    []byte `gorm:"primaryKey"`
	Sealed    []byte // always empty; the first schema has the column
	ExpiresAt time.Time
}

// FormNonce lets a form that answers with a secret be sent only once, and
// remembers what it created.
type FormNonce struct {
	Digest    []byte `gorm:"primaryKey"`
	ObjectID  string
	ExpiresAt time.Time
}

// SigningKey is a private key that signs access tokens, sealed under the
// master key.
type SigningKey struct {
	// ID is the kid: the RFC 7638 thumbprint.
	ID        string `gorm:"primaryKey"`
	Algorithm string
	// PublicJWK is the public key as JSON; SealedKey the private JWK sealed.
	PublicJWK []byte `gorm:"column:public_jwk"`
	SealedKey []byte
	CreatedAt time.Time
	RetiredAt *time.Time
}
