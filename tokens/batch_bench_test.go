package tokens_test

import (
	"testing"

	"muster/models"
)

// BenchmarkCreateRegistrationTokens_Recipients makes a registration token for
// each of the most recipients that one list may have; memory is told by B/op.
func BenchmarkCreateRegistrationTokens_Recipients(b *testing.B) {
	b.ReportAllocs()
	r := newRig(b)
	for b.Loop() {
		issued, err := r.CreateRegistrationTokens(b.Context(), admin, people(models.MaxRecipients), models.RegistrationTokenSettings{})
		if err != nil || len(issued) != models.MaxRecipients {
			b.Fatalf("%d made: %v", len(issued), err)
		}
	}
}
