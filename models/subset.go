package models

import "cmp"

// AuthTokenSubset is a part of all auth tokens that a list can be narrowed to by
// one name: those of a state, or of a lens. The zero value is all of them.
type AuthTokenSubset struct {
	State AuthTokenState
	Lens  AuthTokenLens
}

// Name is that of the state or the lens, as addresses have it; empty for all.
func (s AuthTokenSubset) Name() string { return cmp.Or(string(s.State), string(s.Lens)) }

// Narrow puts the subset into a filter.
func (s AuthTokenSubset) Narrow(f *AuthTokenFilter) { f.State, f.Lens = s.State, s.Lens }

// RegistrationTokenSubset is a part of all registration tokens: those of a
// status, or those that need attention. The zero value is all of them.
type RegistrationTokenSubset struct {
	Status         Status
	NeedsAttention bool
}

// Name is that of the status, or "attention"; empty for all.
func (s RegistrationTokenSubset) Name() string {
	if s.NeedsAttention {
		return "attention"
	}
	return string(s.Status)
}

// Narrow puts the subset into a filter.
func (s RegistrationTokenSubset) Narrow(f *RegistrationTokenFilter) {
	f.Status, f.NeedsAttention = s.Status, s.NeedsAttention
}
