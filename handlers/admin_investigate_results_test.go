package handlers_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"muster/models"
)

const investigate = "/admin/investigate"

// refuse turns somebody away and returns the support code.
func (w *world) refuse(secret models.Secret, user, host, requestID string) string {
	w.t.Helper()
	request := w.redeemRequest(secret, user, host)
	request.Origin.RequestID = requestID
	_, err := w.service.Redeem(w.t.Context(), request)
	e, ok := errors.AsType[*models.Error](err)
	if !ok || e.SupportCode == "" {
		w.t.Fatalf("refused with %v", err)
	}
	return e.SupportCode
}

// What was searched for stands in the address only if it is neither secret nor
// personal; whoever opens the address is the one who looks something up.
func TestInvestigate_ResultsHaveAnAddressToReloadAndShare(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, admin *browser) {
		_, secret := w.registrationToken("Pilot", 2)
		w.redeem(secret, "ada@contoso.example", "ada-pc.contoso.example")
		w.redeem(secret, "ada@contoso.example", "ada-lab.contoso.example")
		helpdesk := w.login("helpdesk")
		helpdesk.htmx = admin.htmx

		plain := helpdesk.look("  “ada-” ").wants(http.StatusOK)
		if got := plain.url.RequestURI(); got != investigate+"?q=ada-" {
			t.Errorf("the results of a name are at %s", got)
		}
		helpdesk.get(plain.url.RequestURI()).wants(http.StatusOK).has("#found-auth-tokens ~ .card", "ada-lab")

		sealed := admin.look("Ada <ada@contoso.example>; ").wants(http.StatusOK).has("[role=status]", "Read as an e-mail address: ada@contoso.example")
		address := sealed.url.RequestURI()
		if strings.Contains(address, "ada") || !strings.HasPrefix(address, investigate+"?ref=") {
			t.Errorf("the results of an e-mail address are at %s", address)
		}
		if typed := sealed.value("query"); typed != "ada@contoso.example" {
			t.Errorf("what was searched for is now %q", typed)
		}
		if n := len(w.audited(models.AuditPersonalDataLookedUp)); n != 0 {
			t.Errorf("%d look-ups by who sees everything are in the trail", n)
		}
		shared := helpdesk.get(address).wants(http.StatusOK).has("#found-auth-tokens ~ .card", "a…@contoso.example").has("[role=status]", "a…@contoso.example")
		if strings.Contains(shared.body, "ada@") {
			t.Error("a shared address shows the helpdesk an e-mail address")
		}
		helpdesk.get(address).wants(http.StatusOK)
		if looked := w.audited(models.AuditPersonalDataLookedUp); len(looked) != 1 || strings.Contains(looked[0].Detail, "ada") {
			t.Errorf("look-ups of the helpdesk in the trail: %+v", looked)
		}
		// Pasted again, the address leads to itself.
		if again := helpdesk.look("see https://muster.example" + address).wants(http.StatusOK); again.url.RequestURI() != address {
			t.Errorf("an address of results leads to %s", again.url.RequestURI())
		}
		helpdesk.get(address[:len(address)-6]).wants(http.StatusNotFound).has(".notice", "This address is not whole")
		w.login("user").get(address).wants(http.StatusForbidden)
		if strings.Contains(w.logs.String(), "ada@") {
			t.Error("the log holds an e-mail address")
		}
	})
}

func TestInvestigate_SharedAddressesCountAgainstTheLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, helpdesk := w.login("admin"), w.login("helpdesk")
	for i := range 31 {
		to := admin.post(investigate, url.Values{"query": {fmt.Sprintf("person%d@contoso.example", i)}}).leadsTo()
		want := http.StatusNotFound
		if i == 30 {
			want = http.StatusTooManyRequests
		}
		helpdesk.get(to).wants(want)
	}
}

func TestInvestigate_SecretsStandInNoAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "ann", "h1")
	b := w.login("helpdesk")
	whole, refresh, access := secret.Reveal(), issued.RefreshToken.Reveal(), issued.AccessToken.Reveal()
	mistyped := investigate + "?answer=mistyped"
	likely := mistyped + "&of=" + token.ID
	random := whole[30:]
	parts := map[string]string{
		whole[:len(whole)-1]:                  likely,
		whole + "0":                           likely,
		whole[:40] + " " + whole[41:]:         likely,
		strings.ToUpper(whole[:50]):           likely,
		"Bearer " + whole[:60]:                likely,
		refresh[:60]:                          mistyped + "&of=" + issued.AuthToken.ID,
		"mrt_" + random:                       mistyped,
		"mrt_" + random + random:              mistyped,
		random:                                mistyped,
		access[:40]:                           mistyped,
		"eyJhbGciOiJFUzI1NiIsImtpZCI6IjAxbTg": mistyped,
		guessedSecret().Reveal():              investigate + "?answer=unknown-registration-token",
		access[:len(access)-9] + "AAAAAAAA":   investigate + "?answer=unknown-access-token",
		"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(whole)): registrationTokens + "/" + token.ID,
		whole[:50] + "\r\n" + whole[50:]:                                           registrationTokens + "/" + token.ID,
		strings.TrimPrefix(whole, "mrt_"):                                          registrationTokens + "/" + token.ID,
	}
	for pasted, want := range parts {
		if to := b.post(investigate, url.Values{"query": {pasted}}).leadsTo(); to != want {
			t.Errorf("%q leads to %q, want %q", pasted, to, want)
		}
	}
	b.get(likely).wants(http.StatusNotFound).has(".notice", "Most likely it belongs to the registration token").has(`.notice a[href="`+registrationTokens+"/"+token.ID+`"]`, "Lab")
	b.get(mistyped+"&of="+issued.AuthToken.ID).wants(http.StatusNotFound).has(`.notice a[href="`+authTokens+"/"+issued.AuthToken.ID+`"]`, "auth token")
	b.get(mistyped+"&of=nothing").wants(http.StatusNotFound).has(".notice", "mistyped or incomplete").hasNot(".notice a")
	if to := b.get(investigate + "?answer=anything").leadsTo(); to != investigate {
		t.Errorf("an unknown answer leads to %q", to)
	}
	// What nobody may put into an address is refused there, in any spelling.
	for _, text := range []string{whole, whole[:50], access, access[:40], random, base64.StdEncoding.EncodeToString([]byte(whole))} {
		page := b.get(investigate + "?q=" + url.QueryEscape(text)).wants(http.StatusBadRequest)
		if strings.Contains(page.body, text) {
			t.Errorf("the page repeats %q", text)
		}
	}
	logs := w.logs.String()
	trail, err := w.store.AuditEvents(t.Context(), models.AuditFilter{}, models.PageRequest{Size: models.MaxPageSize})
	must(t, err)
	for i := range trail.Items {
		logs += trail.Items[i].Detail + trail.Items[i].ObjectID
	}
	for _, part := range []string{whole[31:], refresh[31:50], access[len(access)-20:]} {
		if strings.Contains(logs, part) {
			t.Errorf("the log or the trail holds %q", part)
		}
	}
}

// Of several hits none is opened, whatever they were found by.
func TestInvestigate_OpensNoneOfSeveral(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, b *browser) {
		token, secret := w.registrationToken("Anna-Lena", 2)
		held := w.redeem(secret, "jonathan", "h1")
		w.redeem(secret, "ann", "h2")
		first, second := w.refuse(secret, "bob", "h3", "r1"), w.refuse(secret, "cleo", "h4", "r2")
		b.look(first+", or "+strings.ToLower(second)+"?").wants(http.StatusOK).has("#found-refused ~ .card", first).has("#found-refused ~ .card", second).hasNot("#attempt-title")
		b.look(token.ID+" "+held.AuthToken.ID).wants(http.StatusOK).has("#found-registration-tokens ~ .card", "Anna-Lena").has("#found-auth-tokens ~ .card", "jonathan")
		if to := b.opens("anna-lena"); to != registrationTokens+"/"+token.ID {
			t.Errorf("a name of four and four letters leads to %s", to)
		}
		if to := b.opens("Jonathan"); to != authTokens+"/"+held.AuthToken.ID {
			t.Errorf("a name of eight letters leads to %s", to)
		}
		for id, code := range map[string]string{unknownID: "J0NA-THAN", unknownID[:25] + "1": "ANNA-1ENA"} {
			_, err := w.store.RecordRefusedAttempt(t.Context(), &models.RefusedAttempt{
				ID: id, SupportCode: code, Reason: models.CodeRegistrationTokenInvalid, AttemptedAt: w.clock.Now(), Channel: models.ChannelREST,
			}, models.RefusedCaps{Total: 1000})
			must(t, err)
		}
		// Now there are such codes, too.
		b.look("jonathan").wants(http.StatusOK).has("#found-refused ~ .card", "J0NA-THAN").has("#found-auth-tokens ~ .card", "jonathan")
		b.look("Anna-Lena").wants(http.StatusOK).has("#found-refused ~ .card", "ANNA-1ENA").has("#found-registration-tokens ~ .card", "Anna-Lena")
		b.look("support code jonathan").wants(http.StatusOK).has("#attempt-title", "J0NA-THAN")
	})
}

func TestInvestigate_ReadsWhatACallerReadsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Tokyo office", 1)
	made := strings.ToLower(ulid.MustNew(ulid.Timestamp(w.clock.Now()), nil).String())
	request := w.redeemRequest(secret, "ann", "h1")
	request.Origin.RequestID = made
	issued, err := w.service.Redeem(t.Context(), request)
	must(t, err)
	w.clock.Advance(time.Hour)
	call := strings.ToLower(ulid.MustNew(ulid.Timestamp(w.clock.Now()), nil).String())
	code := w.refuse(secret, "bob@example.com", "bob-pc", call)
	misread := strings.NewReplacer("0", "O", "1", "l", "-", "\u2011").Replace(code)
	b := w.login("helpdesk")
	for _, text := range []string{
		code, misread, "Support code: " + misread + ".", "“" + misread + "”", "Hello, it says " + code + ", what now?",
		"Re: AW: Muster " + code, `{"code":"registration_token_exhausted","support_code":"` + code + `","request_id":"x"}`,
		"https://muster.contoso.example/admin/investigate?code=" + code, "Request ID: " + call,
		`{"title":"Conflict","request_id":"` + call + `"}`,
	} {
		if to := b.opens(text); to != investigate+"?code="+code {
			t.Errorf("%q leads to %s", text, to)
		}
	}
	authToken := authTokens + "/" + issued.AuthToken.ID
	for _, text := range []string{made, "GET https://muster.contoso.example/token/api/v5/authTokens/" + issued.AuthToken.ID, w.base + authToken + "?x=y"} {
		if to := b.opens(text); to != authToken {
			t.Errorf("%q leads to %s", text, to)
		}
	}
	for text, says := range map[string]string{
		"9ZZZ-9ZZZ":                       "No attempt has the support code 9ZZZ-9ZZZ.",
		"support code zzzz zz99":          "No attempt has the support code ZZZZ-ZZ99.",
		"Support code: K7Q4-M2Q":          `"support code K7Q4-M2Q" is not a whole support code`,
		"zzzzzzzz":                        `No attempt has the support code ZZZZ-ZZZZ, and nothing has the name "zzzzzzzz".`,
		"9ZZZ-9ZZZ or 8ZZZ-8ZZZ":          "No attempt has one of the support codes 9ZZZ-9ZZZ, 8ZZZ-8ZZZ.",
		unknownID:                         "Nothing has this id",
		"nobody@contoso.example":          "It was taken for an e-mail address",
		"":                                "Paste something first.",
		"\u200b":                          "Paste something first.",
		"a\x00b":                          "contains characters that no name has",
		strings.Repeat("many words ", 40): "too long",
	} {
		b.look(text).wants(http.StatusNotFound).has(".notice", says)
	}
	token, _ := w.registrationToken("Kyoto office", 1)
	more := 1
	asked, err := w.service.AskRequest(t.Context(), w.admin(), models.NewRequest{
		RegistrationTokenID: token.ID, Remedy: models.RequestedRemedy{Kind: models.RemedyRaise, Count: &more}, Reason: "more people",
	})
	must(t, err)
	if to := b.opens("https://muster.contoso.example/admin/requests/" + asked.ID); to != "/admin/requests/"+asked.ID {
		t.Errorf("the address of a request leads to %s", to)
	}
	// A search whose text is gone from the address still is a page.
	b.get(investigate+"?q=").wants(http.StatusNotFound).has(".notice", "Paste something first.")
}

// rows is how many rows the results have of a kind.
func (a *answer) rows(kind string) int {
	return a.doc.Find("#found-" + kind + " ~ .card tbody tr").Length()
}

func TestInvestigate_SaysHowManyThereAreAndShowsAll(t *testing.T) {
	t.Parallel()
	twice(t, func(t *testing.T, w *world, admin *browser) {
		_, secret := w.registrationToken("Rollout of the Weber group", 30)
		for i := range 20 {
			w.redeem(secret, fmt.Sprintf("p%d.weber", i), fmt.Sprintf("lt-%d", i))
			w.clock.Advance(time.Second)
		}
		w.redeem(secret, "weber", "lt-99") // called just that
		page := admin.look("Weber").wants(http.StatusOK).has("section", "The newest 15 of 21").has("section", "Show all 21 Auth tokens").has("section", "Rollout of the Weber group")
		if page.rows("auth-tokens") != 15 || page.rows("registration-tokens") != 1 || page.rows("refused") != 0 {
			t.Errorf("%d auth tokens, %d registration tokens", page.rows("auth-tokens"), page.rows("registration-tokens"))
		}
		all := page.doc.Find(`section a[href*="all="]`).AttrOr("href", "")
		if all != investigate+"?all=authTokens&q=Weber" {
			t.Errorf("all are at %q", all)
		}
		shown := admin.get(all).wants(http.StatusOK).has("main", "Show every kind").hasNot("#found-registration-tokens")
		if shown.rows("auth-tokens") != 21 {
			t.Errorf("all are %d", shown.rows("auth-tokens"))
		}
		admin.get(investigate+"?q=Weber&all=nothing").wants(http.StatusOK).has("#found-auth-tokens", "Auth tokens")
		// An only hit is opened.
		admin.look("lt-99").wants(http.StatusOK).has("h1", "weber")
	})
}

func TestInvestigate_FindsByWordsAndNetworks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Wave two, Köln site", 9)
	from := func(user, host, ip string) {
		t.Helper()
		request := w.redeemRequest(secret, user, host)
		request.Origin.IP = ip
		_, err := w.service.Redeem(t.Context(), request)
		must(t, err)
		w.clock.Advance(time.Second)
	}
	from("jürgen.müller", "kl-1", "10.77.3.4")
	from("anna.weber", "kl-2", "10.77.3.5")
	from("cleo", "kl-3", "10.77.9.9")
	from("dan", "kl-4", "10.78.0.1")
	admin, helpdesk := w.login("admin"), w.login("helpdesk")
	for _, b := range []*browser{admin, helpdesk} {
		for text, heading := range map[string]string{
			"Weber": "anna.weber", "mu\u0308ller": "jürgen.müller", "Mueller": "jürgen.müller", "Müller Jürgen": "jürgen.müller", "koeln": "Wave two, Köln site", "Re: Wave Köln": "Wave two, Köln site",
		} {
			b.look(text).wants(http.StatusOK).has("h1", heading)
		}
		if page := b.look("10.77").wants(http.StatusOK).has("[role=status]", "Read as a network, a label or a reference: 10.77"); page.rows("auth-tokens") != 3 || strings.Contains(page.url.RequestURI(), "10.77") {
			t.Errorf("%d auth tokens of a network without its last dot, at %s", page.rows("auth-tokens"), page.url.RequestURI())
		}
		if page := b.look("10.77.").wants(http.StatusOK).has("[role=status]", "Read as a network: 10.77.0.0/16"); page.rows("auth-tokens") != 3 || strings.Contains(page.url.RequestURI(), "10.77") {
			t.Errorf("%d auth tokens in a network, at %s", page.rows("auth-tokens"), page.url.RequestURI())
		}
	}
	if n := admin.look("10.77.3.0/24").wants(http.StatusOK).rows("auth-tokens"); n != 2 {
		t.Errorf("%d auth tokens in a small network", n)
	}
	admin.look("2001:db8::/32").wants(http.StatusNotFound).has(".notice", "It was taken for a network")
	narrow := helpdesk.look("10.77.3.0/24").wants(http.StatusNotFound).has(".notice", "only as far as you see it")
	if narrow.rows("auth-tokens") != 0 {
		t.Error("the helpdesk searches a network that it sees masked")
	}
	// Two or three octets may be a word as well.
	admin.look("10.77.3").wants(http.StatusOK).has("[role=status]", "10.77.3")
	admin.look("10.79").wants(http.StatusNotFound).has(".notice", "It was taken for a network, a label or a reference")
	helpdesk.look("10.77.3").wants(http.StatusNotFound).has(".notice", "only as far as you see it")
	if shared := helpdesk.get(admin.look("10.77.3").url.RequestURI()).wants(http.StatusNotFound); strings.Contains(shared.body, "10.77.3") {
		t.Error("a shared address shows the beginning of an address that is masked")
	}
	version, _ := w.registrationToken("Release 10.77.3", 1)
	if to := helpdesk.opens("10.77.3"); to != registrationTokens+"/"+version.ID {
		t.Errorf("a version in a label leads to %q", to)
	}
	// The administrator's address shows the helpdesk no more than that.
	if shared := helpdesk.get(admin.look("10.77.3.0/24").url.RequestURI()).wants(http.StatusNotFound); strings.Contains(shared.body, "10.77.3") {
		t.Error("a shared address shows a network that is masked")
	}
}
