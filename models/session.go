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
	// SealedIDToken is the provider's ID token, sealed under a key derived
	// from the cookie's secret; logout sends it as id_token_hint.
	SealedIDToken []byte
	SessionNotice
	CreatedAt    time.Time
	LastActiveAt time.Time
	ExpiresAt    time.Time // absolute end
	// Preferences are what the person chose, in every session of theirs.
	Preferences Preferences `gorm:"-"`
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
