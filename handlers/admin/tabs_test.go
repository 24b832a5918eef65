package admin

import (
	"slices"
	"testing"

	"muster/models"
)

// Other pages lead to a part of a list by the name of its state or lens.
func TestAuthTokenTabs_AreNamedAsTheirStateOrLens(t *testing.T) {
	t.Parallel()
	for _, tab := range authTokenTabs {
		if tab.value != string(tab.state)+string(tab.lens) {
			t.Errorf("%q shows the state %q, the lens %q", tab.value, tab.state, tab.lens)
		}
	}
	for _, state := range models.AuthTokenStates {
		if !slices.Contains(authTokenList.States, string(state)) {
			t.Errorf("no tab shows %q", state)
		}
	}
}

func TestRegistrationTokenTabs_AreNamedAsTheirStatus(t *testing.T) {
	t.Parallel()
	for _, tab := range registrationTokenTabs {
		if !tab.attention && tab.value != string(tab.status) {
			t.Errorf("%q shows %q", tab.value, tab.status)
		}
	}
	for _, status := range models.Statuses {
		if !slices.Contains(registrationTokenList.States, string(status)) {
			t.Errorf("no tab shows %q", status)
		}
	}
}
