package store_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
)

// widest is a text of n characters that compresses badly, and the last of which
// become three times as many when they are folded.
func widest(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		if i < n*7/8 {
			b.WriteRune(rune(0x20000 + r.IntN(40000)))
		} else {
			b.WriteRune(0x1D160)
		}
	}
	return b.String()
}

// An index row of PostgreSQL holds 2,704 bytes. One redemption that needs more
// would hold up all that come after it.
func TestProjection_TakesTheWidestNames(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, s *store.Store) {
		if err := s.CreateRegistrationToken(t.Context(), newToken("t", models.MaxCount), newEvent("created")); err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(1, 2))
		name := func(separator string) string {
			return widest(r, models.MaxNameLength/2) + separator + widest(r, models.MaxNameLength/2-len(separator))
		}
		host := strings.Repeat("|", models.MaxNameLength*7/8) + widest(r, models.MaxNameLength/8)
		for id, c := range map[string]models.ClaimedIdentity{
			"a": {SystemUserName: widest(r, models.MaxNameLength), FQDN: widest(r, models.MaxNameLength), MACAddress: widest(r, models.MaxIdentifierLength)},
			"b": {SystemUserName: name("@"), FQDN: name("."), MACAddress: "00:1b:44:00:00:01"},
			"c": {SystemUserName: name("@"), FQDN: host, Identifier: widest(r, models.MaxIdentifierLength)},
			"d": {SystemUserName: widest(r, models.MaxNameLength-1) + "$", FQDN: widest(r, models.MaxNameLength)},
			"e": {SystemUserName: name("@"), FQDN: strings.Repeat("|", models.MaxNameLength)},
		} {
			if findings := c.Check(); len(findings) > 0 {
				t.Fatal(findings)
			}
			made := newConsumption("t", id)
			made.AuthToken.ClaimedIdentity, made.Redemption.ClaimedIdentity = c, c
			if err := redeem(t.Context(), s, made); err != nil {
				t.Fatal(err)
			}
		}
		verified := newConsumption("t", "v")
		verified.AuthToken.VerifiedIdentity = models.VerifiedIdentity{
			Issuer: "https://idp.example", Subject: widest(r, 255), Email: name("@"),
		}
		if err := redeem(t.Context(), s, verified); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "with the widest names", s)
	})
}
