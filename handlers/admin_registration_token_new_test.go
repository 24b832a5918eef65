package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/tokens/secrets"
)

const registrationTokens = "/admin/registration-tokens"

// twice runs a form scenario plain and with htmx.
func twice(t *testing.T, scenario func(t *testing.T, w *world, b *browser)) {
	t.Helper()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.login("admin")
			b.htmx = htmx
			scenario(t, w, b)
		})
	}
}

// succeeded fails unless the POST led to the path, and returns that page.
func succeeded(t *testing.T, b *browser, a *answer, path string) *answer {
	t.Helper()
	wanted := http.StatusSeeOther
	if b.htmx {
		wanted = http.StatusNoContent
	}
	a.wants(wanted)
	if a.leadsTo() != path {
		t.Fatalf("leads to %q, want %q", a.leadsTo(), path)
	}
	plain := *b
	plain.htmx = false
	return plain.follow(a).wants(http.StatusOK)
}

func newForm(page *answer, values map[string]string) url.Values {
	form := url.Values{"nonce": {page.value("nonce")}}
	for name, value := range values {
		form.Set(name, value)
	}
	return form
}

func TestNewRegistrationToken_ShowsSecretOnceAndItRedeems(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		page := b.get(registrationTokens + "/new").wants(http.StatusOK)
		form := newForm(page, map[string]string{
			"count": " 3 ", "expiryPreset": "7d", "identifier": "Rollout Berlin", "note": "a\r\nb", "refId1": "PO-7",
		})
		created := b.post(registrationTokens, form).wants(http.StatusOK).has("h1", "Registration token created")
		if cache := created.header.Get("Cache-Control"); cache != "no-store" {
			t.Errorf("Cache-Control is %q", cache)
		}
		secret := created.text("#secret")
		if _, err := secrets.Parse(secrets.RegistrationToken, secret); err != nil {
			t.Fatalf("%q is no secret: %v", secret, err)
		}
		created.has("#redeem-link", w.base+"/redeem#"+secret).has("#curl", "Bearer "+secret).has("#curl", "Idempotency-Key: ")
		issued := w.redeem(models.Secret(secret), "nora", "host.example")
		token, err := w.store.RegistrationToken(t.Context(), issued.AuthToken.RegistrationTokenID)
		must(t, err)
		if token.Count != 3 || token.Identifier != "Rollout Berlin" || token.Note != "a\nb" || token.RefID1 != "PO-7" ||
			!token.ExpiresAt.Equal(w.clock.Now().Add(7*24*time.Hour)) {
			t.Errorf("made %+v", token)
		}

		again := b.follow(b.post(registrationTokens, form)).wants(http.StatusOK).has(".notice", "not shown again")
		again.has(`.form-actions a[href="`+registrationTokens+"/"+token.ID+`"]`, "Open")
		if strings.Contains(again.body, secret) {
			t.Error("the repeat shows the secret")
		}
		for _, path := range []string{"", "/" + token.ID, "/" + token.ID + "/edit", "/" + token.ID + "/replace"} {
			if strings.Contains(b.get(registrationTokens+path).body, secret) {
				t.Errorf("%s shows the secret", path)
			}
		}
		if strings.Contains(w.logs.String(), secret) {
			t.Error("the log holds the secret")
		}
		list, err := w.store.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
		must(t, err)
		if len(list.Items) != 1 {
			t.Errorf("%d registration tokens were made", len(list.Items))
		}
	})
}

func TestNewRegistrationToken_KeepsWhatWasTypedAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	typed := map[string]string{"count": "2", "expiryPreset": "30d", "identifier": "keep me", "note": "n", "refId1": "r"}
	cases := map[string]struct {
		change map[string]string
		field  string
		says   string
	}{
		"no count":         {map[string]string{"count": ""}, "count", "how many times"},
		"count is text":    {map[string]string{"count": "many"}, "count", "between 1 and 1,000,000"},
		"count zero":       {map[string]string{"count": "0"}, "count", "between 1 and 1,000,000"},
		"count too large":  {map[string]string{"count": "1000001"}, "count", "between 1 and 1,000,000"},
		"count overflows":  {map[string]string{"count": "99999999999999999999"}, "count", "between 1 and 1,000,000"},
		"unknown preset":   {map[string]string{"expiryPreset": "2d"}, "expiryPreset", "Choose one"},
		"no date":          {map[string]string{"expiryPreset": "custom"}, "expirationDate", "Give the date"},
		"date is text":     {map[string]string{"expiryPreset": "custom", "expirationDate": "tomorrow"}, "expirationDate", "Give the date"},
		"date in the past": {map[string]string{"expiryPreset": "custom", "expirationDate": "2020-01-01T00:00"}, "expirationDate", "at least 1 minute"},
		"date too far":     {map[string]string{"expiryPreset": "custom", "expirationDate": "2036-01-01T00:00"}, "expirationDate", "366 days"},
		"label too long":   {map[string]string{"identifier": long}, "identifier", "The label has 256 characters"},
		"reference broken": {map[string]string{"refId1": "a\x00b"}, "refId1", "control character"},
		"bidi override":    {map[string]string{"identifier": "\u202egro.live"}, "identifier", "control character"},
	}
	twice(t, func(t *testing.T, w *world, b *browser) {
		nonces := b.get(registrationTokens + "/new")
		for name, c := range cases {
			form := newForm(nonces, typed)
			for field, value := range c.change {
				form.Set(field, value)
			}
			page := b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity)
			if got := page.text("#" + c.field + "-error"); !strings.Contains(got, c.says) {
				t.Errorf("%s: the error of %s is %q", name, c.field, got)
			}
			for field := range typed {
				if got := page.value(field); got != form.Get(field) && form.Get(field) != "2d" && !strings.Contains(form.Get(field), "\x00") {
					t.Errorf("%s: %s came back as %q", name, field, got)
				}
			}
		}
		// Nothing was made, and none of it burnt the nonce.
		b.post(registrationTokens, newForm(nonces, typed)).wants(http.StatusOK).has("h1", "Registration token created")
	})
}

func TestNewRegistrationToken_AllErrorsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	page := b.get(registrationTokens + "/new")
	form := newForm(page, map[string]string{"count": "x", "expiryPreset": "custom", "identifier": strings.Repeat("x", 300)})
	again := b.post(registrationTokens, form).wants(http.StatusUnprocessableEntity)
	for _, field := range []string{"count", "expirationDate", "identifier"} {
		again.has("#"+field+"-error", "")
	}
	again.has("form .notice", "3 things need your attention")
}

func TestNewRegistrationToken_UnknownOrForeignOrOldFormIsNotWorked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	typed := map[string]string{"count": "2", "expiryPreset": "30d", "identifier": "keep me"}
	other := w.login("admin").get(registrationTokens + "/new")
	for name, nonce := range map[string]string{"none": "", "made up": "AAAA", "of another session": other.value("nonce")} {
		form := newForm(other, typed)
		form.Set("nonce", nonce)
		page := b.post(registrationTokens, form).wants(http.StatusConflict).has(".notice-danger", "too long")
		if page.value("identifier") != "keep me" || page.value("nonce") == nonce {
			t.Errorf("%s: the form did not come back whole", name)
		}
	}
	list, err := w.store.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
	must(t, err)
	if len(list.Items) != 0 {
		t.Errorf("%d registration tokens were made", len(list.Items))
	}
	b.htmx = true
	form := newForm(other, typed)
	b.post(registrationTokens, form).wants(http.StatusConflict).has(".notice-danger", "too long").hasNot("form")
}

func TestNewRegistrationToken_SentTwiceAtOnceMakesOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.login("admin")
	form := newForm(b.get(registrationTokens+"/new"), map[string]string{"count": "1", "expiryPreset": "30d"})
	const senders = 8
	answers := make([]*answer, senders)
	var wait sync.WaitGroup
	for i := range senders {
		wait.Go(func() { answers[i] = b.post(registrationTokens, form) })
	}
	wait.Wait()
	secrets := 0
	for _, a := range answers {
		if a.status != http.StatusOK && a.status != http.StatusSeeOther && a.status != http.StatusConflict {
			t.Errorf("status %d", a.status)
		}
		if a.doc.Find("#secret").Length() > 0 {
			secrets++
		}
	}
	list, err := w.store.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{}, w.clock.Now())
	must(t, err)
	if secrets != 1 || len(list.Items) != 1 {
		t.Errorf("%d secrets shown, %d registration tokens made", secrets, len(list.Items))
	}
}
