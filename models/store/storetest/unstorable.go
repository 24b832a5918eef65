package storetest

import (
	"testing"

	"muster/models"
)

// unstorableText: what no row can hold matches none, and is no fault of ours.
func unstorableText(t *testing.T, f fixture) {
	f.create(1)
	for _, text := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
		for name, read := range map[string]func() (found int, err error){
			"registration token": func() (int, error) { _, err := f.RegistrationToken(t.Context(), text); return 0, err },
			"auth token":         func() (int, error) { _, err := f.AuthToken(t.Context(), text); return 0, err },
			"customer":           func() (int, error) { _, err := f.Customer(t.Context(), text); return 0, err },
			"support code":       func() (int, error) { _, err := f.RefusedAttemptByCode(t.Context(), text); return 0, err },
			"auth tokens": func() (int, error) {
				page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{FQDN: text}}, models.PageRequest{}, Epoch)
				return len(page.Items), err
			},
			"auth tokens by id": func() (int, error) {
				page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{IDs: []string{text}}, models.PageRequest{}, Epoch)
				return len(page.Items), err
			},
			"search": func() (int, error) {
				page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{Search: text}, models.PageRequest{}, Epoch)
				return len(page.Items), err
			},
		} {
			if n, err := read(); n != 0 || err != nil && models.ErrorKind(err) != models.KindNotFound {
				t.Errorf("%s %q: %d, %v", name, text, n, err)
			}
		}
		_, err := f.UpdateAuthTokenLabels(t.Context(), text, models.AuthTokenLabels{RefID1: &text}, f.event("x", "y", "z"))
		if kind := models.ErrorKind(err); err == nil || kind != models.KindInvalid && kind != models.KindNotFound {
			t.Errorf("changing %q: %v", text, err)
		}
	}
}
