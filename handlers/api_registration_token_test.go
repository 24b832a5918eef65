package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
)

const unknownID = "01jd0000000000000000000000"

func TestRegistrationTokenAPI_AnswersEveryField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	made := admin.call(http.MethodPost, apiRegs, settings(object{"count": 20})).wants(http.StatusCreated)
	got := made.at("registrationToken").(object)
	want := []string{
		"id", "identifier", "token", "tokenHint", "customer", "count", "usedCount", "remainingCount", "expirationDate",
		"isEnabled", "status", "statusReasons", "refId1", "refId2", "note", "createdBy", "createdAt", "updatedAt", "lastModified", "replaces", "replacedBy",
	}
	for _, name := range want {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is missing: %s", name, made.raw)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d fields, want %d: %s", len(got), len(want), made.raw)
	}
	if got["expirationDate"] != "2026-12-23T10:00:00Z" || got["createdAt"] != "2026-11-23T10:00:00Z" || got["status"] != "active" ||
		got["identifier"] == "" || got["createdBy"] != "Nora Lindqvist" || got["customer"].(object)["id"] != models.DefaultCustomerID {
		t.Errorf("defaults: %s", made.raw)
	}
	if shown := admin.call(http.MethodGet, apiRegs+"/"+got["id"].(string), nil).wants(http.StatusOK); shown.at("registrationToken.token") != nil {
		t.Error("the secret is shown again")
	}
}

func TestRegistrationTokenAPI_NamesEveryBadFieldAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	bad := `{"registrationToken":{"count":1.5,"expirationDate":"soon","identifier":7,"refId1":"a\u0007b","note":"` +
		strings.Repeat("n", 4001) + `","isEnabled":"yes","id":"x","usedCount":3,"status":"active","colour":"red","customer":{"id":"a","name":"b"}}}`
	got := admin.call(http.MethodPost, apiRegs, bad).invalid("count", "expirationDate", "identifier", "refId1", "note", "isEnabled",
		"id", "usedCount", "status", "colour", "customer.name")
	for _, e := range got.rows("errors") {
		if slices.Contains([]string{"id", "usedCount", "status", "customer.name"}, e["field"].(string)) && !strings.Contains(e["detail"].(string), "is read-only") {
			t.Errorf("%v does not say read-only", e)
		}
	}
	admin.call(http.MethodPost, apiRegs, settings(object{"identifier": "x"})).invalid("count")
	admin.call(http.MethodPost, apiRegs, settings(object{"count": 0, "refId1": " ", "expirationDate": "2020-01-01"})).invalid("count", "refId1", "expirationDate")
	admin.call(http.MethodPost, apiRegs, settings(object{"count": 0, "colour": 1})).invalid("count", "colour")
	admin.call(http.MethodPost, apiRegs, object{"count": 3}).invalid("registrationToken", "count")
	admin.call(http.MethodPost, apiRegs+"?force=1&x=1&x=2", settings(object{"count": 3})).invalid("force", "x")
}

func TestRegistrationTokenAPI_ReadsCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	for raw, want := range map[string]int{"7": 7, `"7"`: 7, `"007"`: 7, "1000000": 1000000} {
		got := admin.call(http.MethodPost, apiRegs, `{"registrationToken":{"count":`+raw+`}}`).wants(http.StatusCreated)
		if got.number("registrationToken.count") != want {
			t.Errorf("count %s became %d", raw, got.number("registrationToken.count"))
		}
	}
	for _, raw := range []string{
		"1.5", "1e2", `"abc"`, `""`, `"1e2"`, "0", "-1", "1000001", "99999999999999999999999999", `"99999999999999999999"`,
		"true", "[3]", "{}", "null", "1.0", `"+3"`, `" 3"`, "9223372036854775808", "-0",
	} {
		admin.call(http.MethodPost, apiRegs, `{"registrationToken":{"count":`+raw+`}}`).invalid("count")
	}
}

func TestRegistrationTokenAPI_PatchKeepsAndPutResets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	made := admin.call(http.MethodPost, apiRegs, settings(object{
		"count": 5, "identifier": "Lab", "refId1": "r1", "refId2": "r2", "note": "two\nlines", "expirationDate": "2027-01-31T12:00:00+02:00",
		"customer": object{"identifier": defaultCustomer(w)},
	})).wants(http.StatusCreated)
	path := apiRegs + "/" + made.text("registrationToken.id")
	if made.text("registrationToken.expirationDate") != "2027-01-31T10:00:00Z" {
		t.Errorf("expiry in UTC: %s", made.raw)
	}

	got := admin.call(http.MethodPatch, path, settings(object{"note": "", "isEnabled": false})).wants(http.StatusOK)
	if got.at("registrationToken.note") != nil || got.text("registrationToken.refId1") != "r1" || got.number("registrationToken.count") != 5 ||
		got.at("registrationToken.isEnabled") != false || got.text("registrationToken.status") != "disabled" {
		t.Errorf("PATCH: %s", got.raw)
	}
	got = admin.call(http.MethodPut, path, settings(object{"count": 6})).wants(http.StatusOK)
	if got.at("registrationToken.refId1") != nil || got.at("registrationToken.isEnabled") != true ||
		got.text("registrationToken.expirationDate") != "2026-12-23T10:00:00Z" || got.number("registrationToken.count") != 6 {
		t.Errorf("PUT: %s", got.raw)
	}
	admin.call(http.MethodPut, path, settings(object{"note": "x"})).invalid("count")
	admin.call(http.MethodPatch, path, settings(object{"id": unknownID})).invalid("id")
	admin.call(http.MethodPatch, apiRegs+"/"+unknownID, settings(object{"note": "x"})).refuses(http.StatusNotFound, models.CodeNotFound)

	w.clock.Advance(31 * 24 * time.Hour)
	w.as("admin").call(http.MethodPatch, path, settings(object{"note": "x"})).refuses(http.StatusConflict, models.CodeRegistrationTokenExpired)
}

func defaultCustomer(w *world) string {
	w.t.Helper()
	customers, err := w.store.Customers(w.t.Context())
	must(w.t, err)
	return customers[0].Identifier
}

func TestRegistrationTokenAPI_Replace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	token, secret := w.registrationToken("Lab", 3)
	w.redeem(secret, "alice", "pc1")
	path := apiRegs + "/" + token.ID + "/replace"
	admin.call(http.MethodPost, path, settings(object{"count": 0})).invalid("count")
	got := admin.call(http.MethodPost, path, nil).wants(http.StatusCreated)
	if got.number("registrationToken.count") != 2 || got.text("registrationToken.replaces") != token.ID || !strings.HasPrefix(got.text("registrationToken.token"), "mrt_") {
		t.Errorf("successor: %s", got.raw)
	}
	old := admin.call(http.MethodGet, apiRegs+"/"+token.ID, nil).wants(http.StatusOK)
	if old.text("registrationToken.replacedBy") != got.text("registrationToken.id") || old.text("registrationToken.status") != "disabled" {
		t.Errorf("the old one: %s", old.raw)
	}
	admin.call(http.MethodPost, path, nil).refuses(http.StatusConflict, models.CodeRegistrationTokenReplaced)
}

func TestRegistrationTokenAPI_DeleteKeepsHistoryAndAsksForAuthTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	for _, choice := range []struct {
		query, state string
	}{{"", "live"}, {"?authTokens=keep", "live"}, {"?authTokens=delete", "deleted"}} {
		token, secret := w.registrationToken("Lab", 3)
		issued := w.redeem(secret, "alice", "pc1")
		path := apiRegs + "/" + token.ID
		admin.call(http.MethodDelete, path+"?authTokens=maybe", nil).invalid("authTokens")
		admin.call(http.MethodDelete, path+"?authTokens=keep&authTokens=delete", nil).invalid("authTokens")
		admin.call(http.MethodDelete, path, `{"authTokens":"delete"}`).invalid("body")
		admin.call(http.MethodDelete, path+choice.query, nil).wants(http.StatusNoContent)
		admin.call(http.MethodDelete, path+choice.query, nil).wants(http.StatusNoContent)
		if got := admin.call(http.MethodGet, path, nil).wants(http.StatusOK); got.text("registrationToken.status") != "deleted" {
			t.Errorf("deleted: %s", got.raw)
		}
		if got := admin.call(http.MethodGet, apiAuth+"/"+issued.AuthToken.ID, nil).wants(http.StatusOK); got.text("authToken.state") != choice.state {
			t.Errorf("%q leaves the auth token %s", choice.query, got.text("authToken.state"))
		}
	}
}

func TestRegistrationTokenAPI_LookupFindsBySecretOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	helpdesk := w.as("helpdesk")
	token, secret := w.registrationToken("Lab", 3)
	got := helpdesk.call(http.MethodPost, apiRegs+"/lookup", object{"token": secret.Reveal()}).wants(http.StatusOK)
	if got.text("registrationToken.id") != token.ID || strings.Contains(got.raw, secret.Reveal()) {
		t.Errorf("lookup: %s", got.raw)
	}
	for _, other := range []string{"mrt_nothing", token.Hint, token.ID, "x", secret.Reveal()[:len(secret.Reveal())-1]} {
		helpdesk.call(http.MethodPost, apiRegs+"/lookup", object{"token": other}).refuses(http.StatusNotFound, models.CodeNotFound)
	}
	helpdesk.call(http.MethodPost, apiRegs+"/lookup", object{}).invalid("token")
	helpdesk.call(http.MethodPost, apiRegs+"/lookup", object{"token": 7, "id": "x"}).invalid("token", "id")
	var limited *reply
	for range 70 {
		limited = helpdesk.call(http.MethodPost, apiRegs+"/lookup", object{"token": "x"})
	}
	limited.refuses(http.StatusTooManyRequests, models.CodeRateLimited)
	if limited.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestRegistrationTokenAPI_ListFiltersSortsAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	for i := range 5 {
		ref := "even"
		if i%2 == 1 {
			ref = "odd"
		}
		admin.call(http.MethodPost, apiRegs, settings(object{"count": i + 1, "identifier": fmt.Sprintf("t%d", i), "refId1": ref, "isEnabled": i != 4})).wants(http.StatusCreated)
		w.clock.Advance(time.Second)
	}
	names := func(query string) string {
		t.Helper()
		var got []string
		for _, row := range admin.call(http.MethodGet, apiRegs+query, nil).wants(http.StatusOK).rows("registrationTokens.registrationToken") {
			got = append(got, row["identifier"].(string))
		}
		return strings.Join(got, " ")
	}
	for query, want := range map[string]string{
		"":                                      "t4 t3 t2 t1 t0",
		"?sortByAsc=count":                      "t0 t1 t2 t3 t4",
		"?sortByDesc=identifier&refId1=odd":     "t3 t1",
		"?status=disabled":                      "t4",
		"?identifier=T2":                        "t2",
		"?refId1=ODD":                           "t3 t1",
		"?customer=" + models.DefaultCustomerID: "t4 t3 t2 t1 t0",
		"?refId2=none":                          "",
	} {
		if got := names(query); got != want {
			t.Errorf("%q lists %q, want %q", query, got, want)
		}
	}
	var paged []string
	for query := "?pageSize=2"; query != ""; {
		got := admin.call(http.MethodGet, apiRegs+query, nil).wants(http.StatusOK)
		for _, row := range got.rows("registrationTokens.registrationToken") {
			paged = append(paged, row["identifier"].(string))
		}
		query = ""
		if next := got.text("registrationTokens.nextPageToken"); next != "" {
			query = "?pageSize=2&pageToken=" + next
		}
	}
	if got := strings.Join(paged, " "); got != "t4 t3 t2 t1 t0" {
		t.Errorf("pages: %q", got)
	}
	for query, field := range map[string]string{
		"?pageSize=0": "pageSize", "?pageSize=501": "pageSize", "?pageSize=x": "pageSize", "?pageSize=99999999999999999999": "pageSize",
		"?pageToken=zzz": "pageToken", "?pageToken=": "pageToken", "?sortByAsc=token": "sortByAsc", "?sortByAsc=count&sortByDesc=count": "sortByDesc",
		"?status=used": "status", "?customer=none": "customer", "?identifier=": "identifier", "?identifier=%ff": "identifier",
		"?colour=red": "colour", "?refId1=a&refId1=b": "refId1", "?STATUS=active": "STATUS", "?identifier=%00": "identifier",
	} {
		admin.call(http.MethodGet, apiRegs+query, nil).invalid(field)
	}
}
