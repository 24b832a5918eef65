package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/models"
)

// secretQueries are query strings with a secret in them, and what must not
// turn up anywhere.
func secretQueries(w *world) map[string]string {
	const value = "swordfish"
	_, registration := w.registrationToken("Lab", 3)
	_, key := w.apiKey(models.ScopeAuthTokensRead)
	queries := map[string]string{}
	for _, secret := range []models.Secret{registration, key, w.redeem(registration, "ann", "pc1").RefreshToken} {
		s := secret.Reveal()
		for _, query := range []string{
			"q=" + s, "q=" + strings.ToUpper(s), "q=see+" + s + "+here", s, s + "=", "a=b&" + s + "=c", "q=" + strings.ReplaceAll(s, "_", "%5f"),
			"q=" + strings.ReplaceAll(s, "_", "%255F"), "%zz&q=" + s, "a;q=" + s, "return_to=" + url.QueryEscape("/admin?x="+s),
		} {
			queries[query] = s[4:]
		}
	}
	for _, name := range []string{"token", "access_token", "refresh_token", "id_token", "api_key"} {
		for _, spelled := range []string{name, strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:], url.QueryEscape(name[:1]) + "%" + hex(name[1]) + name[2:]} {
			queries[spelled+"="+value] = value
		}
		queries["a=b&"+name+"="+value+"&c=d"] = value
		queries["a=b&"+name+"="] = value
	}
	return queries
}

func TestSecretInURL_IsRefusedEverywhereAndKeptNowhere(t *testing.T) {
	t.Parallel()
	w := newProductionWorld(t)
	s := newStage(w)
	queries := secretQueries(w)
	s.before = s.state()
	b := w.login("admin")
	bearer := "Bearer " + w.accessToken("admin")
	seen := map[string]bool{}
	for _, route := range w.server.Routes() {
		path := strings.NewReplacer(":id", s.token.ID, "*", "x").Replace(route.Path)
		for query, hidden := range queries {
			r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), route.Method, w.base+path, http.NoBody)
			must(t, err)
			r.URL.RawQuery = query
			if route.Bearer {
				r.Header.Set("Authorization", bearer)
			}
			got := b.send(r)
			all := strings.ToLower(got.body + fmt.Sprint(got.header))
			if got.status != http.StatusBadRequest || strings.Contains(all, hidden) || got.header.Get("Location") != "" {
				t.Errorf("%s %s?%s: %d %v", route.Method, path, query, got.status, got.header)
			}
			seen[hidden] = true
		}
	}
	logs := strings.ToLower(w.logs.String())
	for hidden := range seen {
		if strings.Contains(logs, hidden) {
			t.Errorf("the log holds %s", hidden)
		}
	}
	s.unchanged()
	b.get("/admin").wants(http.StatusOK) // and still signed in
}
