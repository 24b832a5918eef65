package models_test

import (
	"testing"

	"muster/models"
)

func TestSubsets_HaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	once := func(name string) {
		t.Helper()
		if names[name] {
			t.Errorf("two subsets are named %q", name)
		}
		names[name] = true
	}
	once(models.AuthTokenSubset{}.Name())
	for _, state := range models.AuthTokenStates {
		once(models.AuthTokenSubset{State: state}.Name())
	}
	for _, lens := range models.AuthTokenLenses {
		once(models.AuthTokenSubset{Lens: lens}.Name())
		f := models.AuthTokenFilter{State: models.AuthTokenLive}
		if (models.AuthTokenSubset{Lens: lens}).Narrow(&f); f.Lens != lens || f.State != "" {
			t.Errorf("narrowed to %+v", f)
		}
	}
	clear(names)
	once(models.RegistrationTokenSubset{}.Name())
	once(models.RegistrationTokenSubset{NeedsAttention: true}.Name())
	for _, status := range models.Statuses {
		once(models.RegistrationTokenSubset{Status: status}.Name())
		f := models.RegistrationTokenFilter{NeedsAttention: true}
		if (models.RegistrationTokenSubset{Status: status}).Narrow(&f); f.Status != status || f.NeedsAttention {
			t.Errorf("narrowed to %+v", f)
		}
	}
}
