package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"muster/models"
)

func TestCorpus_OAuthForms(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(t *testing.T, w *world) {
		s := newStage(w)
		_, key := w.apiKey(models.ScopeIntrospect)
		asker := w.script("Bearer " + key.Reveal())
		redeem := "grant_type=urn:muster:grant-type:registration-token&registration_token=" + s.secret.Reveal()
		for _, name := range []string{"system_user_name", "fqdn", "mac_address", "identifier"} {
			for _, value := range append(wrongTexts, "%20", "x&"+name+"=y", "%zz") {
				s.form("/oauth2/token", redeem+"&"+name+"="+value).oauthRefuses(http.StatusBadRequest, "invalid_request")
			}
		}
		s.form("/oauth2/token", redeem).oauthRefuses(http.StatusBadRequest, "invalid_request")
		for _, value := range append(wrongTexts, "mrt_"+strings.Repeat("0", 5000), s.refs+"%00", "eyJ%00.e30.", "..", "eyJhbGciOiJub25lIn0.e30.") {
			s.form("/oauth2/token", "grant_type=refresh_token&refresh_token="+value).oauthRefuses(http.StatusBadRequest, "invalid_grant")
			s.form("/oauth2/token", "grant_type="+value+"&refresh_token="+value).oauthRefuses(http.StatusBadRequest, "unsupported_grant_type")
			s.form("/oauth2/token", "grant_type=urn:muster:grant-type:registration-token&fqdn=pc1&registration_token="+value).oauthRefuses(http.StatusBadRequest, "invalid_grant")
			for _, path := range []string{"/oauth2/introspect", "/oauth2/revoke"} {
				for _, hint := range []string{"", "&token_type_hint=" + value} {
					if got := asker.formTo(path, "token="+value+hint); got.status != http.StatusOK {
						t.Errorf("%s with %.40q: %d %s", path, value, got.status, got.raw)
					}
				}
			}
		}
		for _, path := range []string{"/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"} {
			for _, body := range []string{"", "%zz", "=&=&", "token", "\x00", "token=a&token=b", "grant_type=refresh_token&grant_type=refresh_token", strings.Repeat("a=b&", 3000)} {
				asker.formTo(path, body).oauthRefuses(http.StatusBadRequest, "invalid_request")
			}
			if got := asker.formTo(path, "token="+strings.Repeat("x", 20000)); got.status != http.StatusRequestEntityTooLarge || got.text("error") != "invalid_request" {
				t.Errorf("%s: %d %s", path, got.status, got.raw)
			}
			for _, kind := range []string{"", "application/json", "text/plain", ";;;", "multipart/form-data"} {
				asker.call(http.MethodPost, path, "token=x&grant_type=refresh_token&refresh_token=x", "Content-Type", kind).oauthRefuses(http.StatusBadRequest, "invalid_request")
			}
		}
		s.unchanged()
	})
}

// form posts a raw form without a credential.
func (s *stage) form(path, body string) *reply {
	s.w.t.Helper()
	return s.w.script("").formTo(path, body)
}

func (s *script) formTo(path, body string) *reply {
	s.w.t.Helper()
	r, err := http.NewRequestWithContext(s.w.t.Context(), http.MethodPost, s.w.base+path, strings.NewReader(body))
	must(s.w.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.credential != "" {
		r.Header.Set("Authorization", s.credential)
	}
	return s.send(r)
}
