package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"muster/models"
)

func TestExport_WholeListAsNarrowedAndAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("=SUM(A1)", 600)
	w.registrationToken("other", 5)
	for range 520 {
		w.redeem(secret, "ann@example.com", "h1")
	}
	admin := w.login("admin")
	export := func(b *browser, list string) [][]string {
		t.Helper()
		page := b.get(list).wants(http.StatusOK)
		return rows(t, b.post(page.doc.Find("form.export").AttrOr("action", "none"), nil).wants(http.StatusOK))
	}
	tokens := export(admin, registrationTokens+"?sort=label")
	if len(tokens) != 3 || tokens[1][1] != "'=SUM(A1)" || tokens[1][6] != "520" || tokens[2][1] != "other" {
		t.Errorf("registration tokens: %q", tokens)
	}
	if found := export(admin, registrationTokens+"?q=other&status=active"); len(found) != 2 {
		t.Errorf("narrowed: %q", found)
	}
	all := export(admin, "/admin/auth-tokens?registrationToken="+token.ID)
	seen := map[string]bool{}
	for _, row := range all[1:] {
		seen[row[0]] = true
	}
	if len(seen) != 520 || all[1][4] != "ann@example.com" || all[1][7] != "198.51.100.77" {
		t.Errorf("%d auth tokens, first %q", len(seen), all[1])
	}

	masked := export(w.login("helpdesk"), "/admin/auth-tokens")
	for _, cell := range slices.Concat(masked...) {
		if strings.Contains(cell, "ann@example.com") || strings.Contains(cell, "198.51.100.77") {
			t.Fatalf("the helpdesk gets %q", cell)
		}
	}
	var said []string
	for _, event := range w.audited(models.AuditExported) {
		said = append(said, event.ObjectKind+" "+event.Detail)
	}
	for _, want := range []string{`"q=other"`, `"registrationToken=` + token.ID + `"`, `"masked":true`, `"masked":false`} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("the trail does not hold %s:\n%s", want, strings.Join(said, "\n"))
		}
	}
	admin.post(registrationTokens+"/export?status=nonsense", nil).wants(http.StatusUnprocessableEntity)
}

// German and French Excel split at semicolons.
func TestExport_NoPartOfACellIsAFormulaOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const evil = `a;=cmd|' /C calc'!A0;b,"@SUM(1)"`
	_, secret := w.registrationToken(evil, 5)
	w.redeem(secret, evil, evil)
	admin := w.login("admin")
	for _, list := range []string{registrationTokens, authTokens, auditPage} {
		file := admin.post(list+"/export", nil).wants(http.StatusOK).body
		if !strings.Contains(file, "calc") {
			t.Errorf("%s: the label is not in the file", list)
		}
		for _, separators := range []string{",\r\n", ";\r\n", "\t\r\n"} {
			for _, cell := range strings.FieldsFunc(file, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
				if start := strings.TrimLeft(cell, "\ufeff\" "); start != "" && strings.ContainsRune("=+-@", rune(start[0])) {
					t.Errorf("%s split at %q has the formula %s", list, separators[:1], cell)
				}
			}
		}
	}
}
