package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
	"muster/models/lists"
)

const replaceRecipients = registrationTokens + "/recipients/replace"

// batch makes a registration token for each recipient, which expires in a day.
func (w *world) batch(count int, labels ...string) []models.RegistrationToken {
	w.t.Helper()
	list := lists.ReadRecipients(strings.Join(labels, "\n"), lists.Choices{})
	ref, soon := "PO-7", w.clock.Now().Add(24*time.Hour)
	issued, err := w.service.CreateRegistrationTokens(w.t.Context(), w.admin(), list.People, models.RegistrationTokenSettings{Count: &count, RefID1: &ref, ExpiresAt: &soon})
	must(w.t, err)
	made := make([]models.RegistrationToken, len(issued))
	for i := range issued {
		made[i] = *issued[i].RegistrationToken
		if i == 0 {
			w.redeem(issued[i].Secret, "ada", "ada-pc.example")
		}
	}
	return made
}

func TestReplaceRecipients_GivesTheSameRecipientsNewSecretsOnce(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]bool{"plain": false, "script": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.batch(2, "Ada Lovelace <ada@example.com>", "grace@example.com", "Zoë") // by label, as in the file
			usedUp := w.batch(1, "Used Up")[0]
			w.clock.Advance(48 * time.Hour)
			b := w.login("admin")
			list := b.get(registrationTokens+"?status=expired").wants(http.StatusOK).has(`.selection [formaction="`+replaceRecipients+`"]`, "Replace")
			chosen := url.Values{"id": list.doc.Find("input[name=id]").Map(func(_ int, box *goquery.Selection) string { return box.AttrOr("value", "") })}
			if len(chosen["id"]) != 4 {
				t.Fatalf("%d can be selected", len(chosen["id"]))
			}
			question := b.get(replaceRecipients+"?"+chosen.Encode()).wants(http.StatusOK).
				has("#will-be-replaced", "3 registration tokens will be replaced").has("form[data-download]", "5 counts in all").
				has(".recipients", "Ada Lovelace").has("form[data-download]", "1 of the selected is used up")
			send := func(form url.Values) *answer {
				if script {
					return b.upload(replaceRecipients, form, "")
				}
				return b.post(replaceRecipients, form)
			}
			form := question.fields("form[data-download]")
			bad := url.Values{}
			for field := range form {
				bad.Set(field, form.Get(field))
			}
			bad.Set("expiryPreset", "never")
			send(bad).wants(http.StatusUnprocessableEntity).has("#expiryPreset-error", "Choose one").has("#will-be-replaced", "3 registration tokens")
			if n := len(w.audited(models.AuditRegistrationTokenReplaced)); n != 0 {
				t.Fatalf("a bad form replaced %d", n)
			}
			answered := send(form).wants(http.StatusOK)
			records := rows(t, answered)
			if answered.header.Get("Cache-Control") != "no-store" || len(records) != 4 || !slices.Equal(records[1][:2], []string{"Ada Lovelace", "ada@example.com"}) ||
				records[1][4] != "1" || !slices.Equal(records[2][:2], []string{"", "grace@example.com"}) || records[3][0] != "Zoë" || records[3][4] != "2" {
				t.Fatalf("the file is %q", records)
			}
			for i, old := range made {
				row := records[i+1]
				was, err := w.store.RegistrationToken(t.Context(), old.ID)
				must(t, err)
				is, err := w.store.RegistrationToken(t.Context(), *was.ReplacedByID)
				must(t, err)
				if was.DisabledAt == nil || is.ReplacesID == nil || *is.ReplacesID != old.ID || is.Identifier != old.Identifier || is.RefID1 != "PO-7" || strconv.Itoa(is.Count) != row[4] {
					t.Errorf("%s became %+v", old.Identifier, is)
				}
				w.redeem(models.Secret(row[2]), "somebody", "host"+strconv.Itoa(i)+".example")
			}
			if left, err := w.store.RegistrationToken(t.Context(), usedUp.ID); err != nil || left.ReplacedByID != nil {
				t.Errorf("the used up one is %+v, %v", left, err)
			}
			if n := len(w.audited(models.AuditRegistrationTokenReplaced)); n != 3 {
				t.Errorf("the trail has %d replacements", n)
			}
			again := b.follow(send(form).wants(http.StatusSeeOther)).wants(http.StatusOK).has("h1", "already created")
			if strings.Contains(again.body, records[1][2]) || len(w.audited(models.AuditRegistrationTokenReplaced)) != 3 {
				t.Error("the second sending showed a secret or replaced more")
			}
			b.get(replaceRecipients+"?"+chosen.Encode()).wants(http.StatusOK).has("#confirm-title", "Nothing to replace")
		})
	}
}

func TestReplaceRecipients_AllOrNothingAndForAdministratorsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.batch(2, "Ada", "Grace", "Zoë")
	chosen := url.Values{"id": {made[0].ID, made[1].ID, made[2].ID}}
	b, helpdesk := w.login("admin"), w.login("helpdesk")
	form := b.get(replaceRecipients + "?" + chosen.Encode()).wants(http.StatusOK).fields("form[data-download]")
	helpdesk.get(replaceRecipients + "?" + chosen.Encode()).wants(http.StatusForbidden)
	helpdesk.post(replaceRecipients, form).wants(http.StatusForbidden)

	// Somebody replaces one of them meanwhile.
	_, _, err := w.service.ReplaceRegistrationToken(t.Context(), w.admin(), made[1].ID, models.RegistrationTokenSettings{})
	must(t, err)
	b.post(replaceRecipients, form).wants(http.StatusConflict).has("#will-be-replaced", "2 registration tokens will be replaced")
	if n := len(w.audited(models.AuditRegistrationTokenReplaced)); n != 1 {
		t.Errorf("%d were replaced", n)
	}
	b.get(replaceRecipients).wants(http.StatusOK).has("#confirm", "Select at least one")
	unknown := b.get(replaceRecipients + "?" + chosen.Encode()).wants(http.StatusOK).fields("form[data-download]")
	unknown.Set("ids", unknown.Get("ids")+" "+unknownID)
	b.post(replaceRecipients, unknown).wants(http.StatusNotFound)
	unknown.Set("nonce", "made-up")
	b.post(replaceRecipients, unknown).wants(http.StatusConflict)
	for range models.MaxPageSize {
		chosen.Add("id", newULID(t, len(chosen["id"])))
	}
	b.get(replaceRecipients + "?" + chosen.Encode()).wants(http.StatusUnprocessableEntity)
}

// newULID is a well-formed id that nothing has.
func newULID(t *testing.T, n int) string {
	t.Helper()
	digits := strconv.Itoa(n)
	return "01arz3ndektsv4rrffq6" + strings.Repeat("0", 6-len(digits)) + digits
}
