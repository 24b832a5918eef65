package storetest

import (
	"testing"
	"time"

	"muster/models"
)

// burnDownSamples: few uses are all there, many are thinned out, and the first
// and the last stay.
func burnDownSamples(t *testing.T, f fixture) {
	token := f.create(1000)
	if got, err := f.BurnDown(t.Context(), token.ID); err != nil || len(got.Uses) != 0 || len(got.Reclaims) != 0 {
		t.Errorf("before any use: %+v, %v", got, err)
	}
	const uses = 2*models.BurnSamples + 30
	var ids []string
	for i := range uses {
		c := f.redeem(token.ID, func(c *models.Consumption) {
			c.Redemption.RedeemedAt = Epoch.Add(time.Duration(i) * time.Second)
		})
		ids = append(ids, c.AuthToken.ID)
	}
	for _, id := range ids[:3] {
		f.delete(id, true)
	}
	got, err := f.BurnDown(t.Context(), token.ID)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got.Uses); n != models.BurnSamples {
		t.Fatalf("%d samples", n)
	}
	for i, use := range got.Uses {
		if i > 0 && use.UseNumber <= got.Uses[i-1].UseNumber {
			t.Fatalf("sample %d follows %d", use.UseNumber, got.Uses[i-1].UseNumber)
		}
		if want := Epoch.Add(time.Duration(use.UseNumber-1) * time.Second); !use.RedeemedAt.Equal(want) {
			t.Fatalf("use %d at %s, want %s", use.UseNumber, use.RedeemedAt, want)
		}
	}
	if first, last := got.Uses[0].UseNumber, got.Uses[models.BurnSamples-1].UseNumber; first != 1 || last != uses {
		t.Errorf("samples from %d to %d, want 1 to %d", first, last, uses)
	}
	if len(got.Reclaims) != 3 || got.Reclaims[2].Number != 3 || got.Reclaims[0].ReclaimedAt.IsZero() {
		t.Errorf("given back: %+v", got.Reclaims)
	}
	_, err = f.BurnDown(t.Context(), "unknown")
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
}
