package models

import "time"

// Family is what decides on a refresh token of an auth token, and what a fresh access
// token says of it.
type Family struct {
	Standing
	// CustomerIdentifier is that of the auth token's customer.
	CustomerIdentifier string
	// FamilyDigest to SealedSuccessor are those of [AuthToken].
	FamilyDigest, RefreshDigest, PreviousDigest, SealedSuccessor []byte
	CreatedAt                                                    time.Time
	RotatedAt                                                    *time.Time
	// Generation counts the refresh tokens, from 1.
	Generation int
}

// Family is that of t, whose Customer must be filled.
func (t *AuthToken) Family() *Family {
	return &Family{
		Standing: *t.Standing(), CustomerIdentifier: t.Customer.Identifier,
		FamilyDigest: t.FamilyDigest, RefreshDigest: t.RefreshDigest, PreviousDigest: t.PreviousDigest, SealedSuccessor: t.SealedSuccessor,
		CreatedAt: t.CreatedAt, RotatedAt: t.RotatedAt, Generation: t.Generation,
	}
}
