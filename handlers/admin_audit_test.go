package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

const (
	auditPage   = "/admin/audit"
	auditEvents = auditPage + "/events/"
)

// auditRows are the sentences of a page of the trail, newest first.
func auditRows(a *answer) []string {
	var rows []string
	a.doc.Find("#audit tbody tr").Each(func(_ int, row *goquery.Selection) {
		rows = append(rows, squeeze(row.Find(".audit-what > p").Text()))
	})
	return rows
}

func TestAudit_TellsEveryChangeInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Contoso rollout", 10)
	ctx, twenty, off, on, note := t.Context(), 20, false, true, "moved"
	change := func(s models.RegistrationTokenSettings) {
		t.Helper()
		_, err := w.service.UpdateRegistrationToken(ctx, w.admin(), token.ID, s)
		must(t, err)
		w.clock.Advance(time.Second)
	}
	w.clock.Advance(time.Second)
	change(models.RegistrationTokenSettings{Count: &twenty})
	change(models.RegistrationTokenSettings{Enabled: &off})
	change(models.RegistrationTokenSettings{Enabled: &on})
	change(models.RegistrationTokenSettings{Note: &note, RefID1: &note})
	issued := w.redeem(secret, "ann", "ann-pc")
	w.clock.Advance(time.Second)
	must(t, w.service.DeleteAuthToken(ctx, w.admin(), issued.AuthToken.ID, "lost", true))
	w.clock.Advance(time.Second)
	key, _, err := w.service.CreateAPIKey(ctx, w.admin(), "Nightly report", models.RoleHelpdesk, nil, nil)
	must(t, err)
	w.clock.Advance(time.Second)
	must(t, w.service.RevokeAPIKey(ctx, w.admin(), key.ID))

	page := w.login("admin").get(auditPage).wants(http.StatusOK)
	got := strings.Join(auditRows(page), "\n")
	for _, want := range []string{
		"signed in as administrator",
		"revoked the API key Nightly report",
		"created the API key Nightly report",
		"gave one count back to Contoso rollout: lost",
		"deleted the auth token of ann: lost",
		"redeemed Contoso rollout",
		"changed the note and reference 1 of Contoso rollout",
		"enabled Contoso rollout",
		"disabled Contoso rollout",
		"raised the count of Contoso rollout from 10 to 20",
		"created Contoso rollout with count 10",
		"created the signing key",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the trail:\n%s", want, got)
		}
	}
	for _, detail := range []string{registrationTokens + "/" + token.ID + "?section=changes", authTokens + "/" + issued.AuthToken.ID} {
		to := w.login("helpdesk").get(detail).doc.Find(`main a[href^="/admin/audit?object="]`).AttrOr("href", "")
		if rows := auditRows(w.login("helpdesk").get(to).wants(http.StatusOK)); len(rows) == 0 {
			t.Errorf("%s leads to an empty trail at %q", detail, to)
		}
	}
	raised := page.doc.Find("#audit tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool {
		return strings.Contains(row.Text(), "raised the count of")
	})
	if link := raised.Find(".audit-what > p a").AttrOr("href", ""); link != registrationTokens+"/"+token.ID {
		t.Errorf("the object leads to %q", link)
	}
	for _, part := range []string{"Nora Lindqvist", "person", "192.0.2.1"} {
		if !strings.Contains(squeeze(raised.Text()), part) {
			t.Errorf("the row does not say %q: %s", part, squeeze(raised.Text()))
		}
	}
	details := raised.Find(".audit-more").AttrOr("href", "")
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		b := w.login("admin")
		b.htmx = htmx
		event := b.get(details).wants(http.StatusOK)
		event.has("details[open]", "Countbefore: 10 → after: 20").has("details[open]", "Request IDtest").has("details[open]", "23 Nov 2026, 10:00:01 UTC")
		event.has("details[open] a", "All about this")
		if (event.doc.Find("h1").Length() == 0) != htmx {
			t.Errorf("%s got the wrong part of an event", name)
		}
	}
	w.login("user").get(details).wants(http.StatusForbidden)
	w.login("admin").get(auditPage + "/01jxn3v8q2k4m6p8r0t2w4y6z8").wants(http.StatusNotFound)
	if stamp := raised.Find("time").First(); stamp.AttrOr("title", "") != "23 Nov 2026, 10:00:01 UTC" || stamp.AttrOr("datetime", "") != "2026-11-23T10:00:01Z" {
		t.Errorf("the time is %s", squeeze(stamp.Text()))
	}
}

func TestAudit_EveryFilterStandsInTheAddress(t *testing.T) {
	t.Parallel()
	for name, htmx := range map[string]bool{"plain": false, "htmx": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, secret := w.registrationToken("Contoso rollout", 10)
			w.clock.Advance(time.Second)
			fabrikam, _ := w.registrationToken("Fabrikam", 5)
			w.clock.Advance(time.Second)
			w.redeem(secret, "ann", "ann-pc")
			w.clock.Advance(time.Second)
			b := w.login("admin")
			w.clock.Advance(48 * time.Hour)
			w.registrationToken("Late", 1)
			w.clock.Advance(-48 * time.Hour)
			b.htmx = htmx
			for query, want := range map[string][]string{
				"q=contoso":                          {"redeemed Contoso rollout", "created Contoso rollout with count 10"},
				"actor=lindqv":                       {"created Late with count 1", "signed in as administrator", "created Fabrikam with count 5", "created Contoso rollout with count 10"},
				"action=registration_token.redeemed": {"redeemed Contoso rollout"},
				"object=fabri":                       {"created Fabrikam with count 5"},
				"object=" + fabrikam.ID:              {"created Fabrikam with count 5"},
				"from=2026-11-25":                    {"created Late with count 1"},
				"to=2026-11-22":                      nil,
				"kind=device":                        {"redeemed Contoso rollout"},
				"kind=system":                        {"created the signing key"},
				"kind=api_key":                       nil,
				"kind=person&from=2026-11-23&to=2026-11-23&action=session.login": {"signed in as administrator"},
				"q=198.51.100.77": {"redeemed Contoso rollout"},
				"q=no+such+thing": nil,
			} {
				page := b.get(auditPage + "?" + query).wants(http.StatusOK)
				got := auditRows(page)
				for i := range got {
					if strings.HasPrefix(got[i], "created the signing key") {
						got[i] = "created the signing key"
					}
				}
				if strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Errorf("%s shows %q, want %q", query, got, want)
				}
				if (page.doc.Find("h1").Length() == 0) != htmx {
					t.Errorf("%s: htmx %t got the wrong part", query, htmx)
				}
			}
			for _, bad := range []string{"action=x", "kind=x", "from=yesterday", "to=2026-13-01", "q=%01", "page=x", "actor=" + strings.Repeat("x", 321)} {
				b.get(auditPage + "?" + bad).wants(http.StatusUnprocessableEntity)
			}
			b.get(auditPage + "?by=nothing").wants(http.StatusNotFound)

			// One actor exactly, and the chip that takes the filter away again.
			all := b.get(auditPage)
			row := all.doc.Find("tbody tr").FilterFunction(func(_ int, row *goquery.Selection) bool {
				return strings.Contains(row.Text(), "redeemed")
			})
			event := b.get(row.Find("a.audit-more").AttrOr("href", "")).wants(http.StatusOK)
			by := event.doc.Find(`details a[href*="by="]`).AttrOr("href", "")
			page := b.get(by).wants(http.StatusOK).has(".chip", "by exactly ann")
			if got := auditRows(page); len(got) != 1 || got[0] != "redeemed Contoso rollout" {
				t.Errorf("the actor did %q", got)
			}
			if to := page.doc.Find(".chip-remove").AttrOr("href", ""); to != auditPage {
				t.Errorf("without the filter it leads to %q", to)
			}
		})
	}
}

func TestAudit_PagesByKeyAndKeepsFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("t", 120)
	for i := range 120 {
		w.redeem(secret, fmt.Sprintf("user%03d", i), "h")
		w.clock.Advance(time.Second)
	}
	b := w.login("admin")
	where, seen, pages := auditPage+"?action=registration_token.redeemed", map[string]bool{}, 0
	for where != "" {
		page := b.get(where).wants(http.StatusOK)
		pages++
		page.doc.Find("tbody tr").Each(func(_ int, row *goquery.Selection) {
			if seen[row.AttrOr("id", "")] {
				t.Error("a row came twice")
			}
			seen[row.AttrOr("id", "")] = true
		})
		where = page.doc.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	if pages != 3 || len(seen) != 120 {
		t.Errorf("%d rows on %d pages", len(seen), pages)
	}
}

func TestAudit_HelpdeskSeesItMasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	label := "for carl@corp.example"
	token, secret := w.registrationToken(label, 2)
	request := w.redeemRequest(secret, "carl@corp.example", "h")
	issued, err := w.service.Redeem(t.Context(), request)
	must(t, err)
	note := "ask carl@corp.example at 198.51.100.77"
	_, err = w.service.UpdateRegistrationToken(t.Context(), w.admin(), token.ID, models.RegistrationTokenSettings{Note: &note})
	must(t, err)
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), issued.AuthToken.ID, "carl@corp.example left", false))
	b := w.login("helpdesk")
	event := w.audited(models.AuditRedeemed)[0]
	for _, path := range []string{auditPage, auditPage + "?by=" + event.ID, auditPage + "?object=" + token.ID, auditPage + "/events/" + event.ID} {
		page := b.get(path).wants(http.StatusOK)
		for _, hidden := range []string{"carl@corp", "198.51.100.77"} {
			if strings.Contains(page.body, hidden) {
				t.Errorf("%s shows %s", path, hidden)
			}
		}
		page.has("main", "c…@corp.example").has("main", "198.51.*.*")
	}
	export := b.post(auditPage+"/export", nil).wants(http.StatusOK)
	if strings.Contains(export.body, "carl@corp") || strings.Contains(export.body, "198.51.100.77") || !strings.Contains(export.body, "c…@corp.example") {
		t.Errorf("the export is not masked:\n%s", export.body)
	}
	for q, finds := range map[string]bool{"arl@corp": false, "198.51.100.7": false, "198.51.100.77": true} {
		if got := len(auditRows(b.get(auditPage+"?q="+url.QueryEscape(q)))) > 0; got != finds {
			t.Errorf("the helpdesk finds events by %q: %t", q, got)
		}
	}
	if len(w.audited(models.AuditPersonalDataLookedUp)) == 0 {
		t.Error("looking for an address is not in the trail")
	}
	w.login("user").get(auditPage).wants(http.StatusForbidden)
}

func TestAudit_ExportIsWholeHarmlessAndAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	formula := `=HYPERLINK("http://evil.example";"x")`
	w.registrationToken(formula, 1)
	token, secret := w.registrationToken("many, \"quoted\"", 600)
	for range 600 {
		w.redeem(secret, "+1-800", "h")
	}
	b := w.login("admin")
	first := b.get(auditPage + "?object=" + token.ID).wants(http.StatusOK)
	form := url.Values{}
	first.doc.Find(".export input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		form.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	for name, c := range map[string]struct {
		form url.Values
		rows int
	}{
		"everything": {url.Values{}, 600 + 2 + 1 + 1}, // redemptions, creations, the signing key, the sign-in
		"narrowed":   {form, 601},
	} {
		w.clock.Advance(time.Second)
		export := b.post(auditPage+"/export", c.form).wants(http.StatusOK)
		if !strings.HasPrefix(export.header.Get("Content-Disposition"), `attachment; filename="muster-audit-2026`) ||
			export.header.Get("Content-Type") != "text/csv; charset=utf-8" || export.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", name, export.header)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(export.body, "\ufeff"))).ReadAll()
		must(t, err)
		seen := map[string]bool{}
		for _, row := range rows[1:] {
			seen[row[len(row)-1]] = true
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
					t.Fatalf("a cell starts a formula: %q", cell)
				}
			}
		}
		if len(seen) != len(rows)-1 || name == "narrowed" && len(rows)-1 != c.rows || len(rows)-1 < c.rows {
			t.Errorf("%s: %d rows, %d different, want %d", name, len(rows)-1, len(seen), c.rows)
		}
	}
	events := w.audited(models.AuditExported)
	if len(events) != 2 || events[0].ActorName == "" || events[0].RequestID == "" {
		t.Fatalf("the trail has %d exports", len(events))
	}
	if all := events[0].Detail + events[1].Detail; !strings.Contains(all, "object="+token.ID) || !strings.Contains(all, `"masked":false`) {
		t.Errorf("the trail says %s", all)
	}
	b.post(auditPage+"/export", url.Values{"kind": {"x"}}).wants(http.StatusUnprocessableEntity)
	b.get(auditPage + "/export").wants(http.StatusMethodNotAllowed)
	b.get(auditPage+"?q=HYPERLINK").has("#audit", formula).hasNot("#audit img")
}
