package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"muster/models"
)

func TestAuthTokenAPI_AnswersEveryField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice@contoso.example", "pc1.contoso.example")
	got := w.as("admin").call(http.MethodGet, apiAuth+"/"+issued.AuthToken.ID, nil).wants(http.StatusOK)
	want := []string{
		"id", "identifier", "systemUserName", "fqdn", "macAddress", "refId1", "refId2", "registrationTokenId", "customer", "verified",
		"ip", "userAgent", "creationDate", "lastSeenAt", "state", "deletedAt", "deletedBy", "deleteReason", "countReclaimed",
	}
	fields := got.at("authToken").(object)
	for _, name := range want {
		if _, ok := fields[name]; !ok {
			t.Errorf("%s is missing: %s", name, got.raw)
		}
	}
	if len(fields) != len(want) || fields["creationDate"] != "2026-11-23T10:00:00Z" || fields["verified"] != nil || fields["ip"] != "198.51.100.77" {
		t.Errorf("auth token: %s", got.raw)
	}
}

func TestAuthTokenAPI_MasksPersonalDataForTheHelpdesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("for alice@contoso.example", 3)
	issued := w.redeem(secret, "alice@contoso.example", "pc1")
	helpdesk := w.as("helpdesk")
	for _, path := range []string{
		apiAuth + "/" + issued.AuthToken.ID, apiAuth, apiAuth + "?ip=198.51.100.77", apiAuth + "?systemUserName=alice@contoso.example",
		apiRegs, apiRegs + "/" + token.ID, apiRegs + "?identifier=for+alice@contoso.example",
	} {
		got := helpdesk.call(http.MethodGet, path, nil).wants(http.StatusOK)
		if strings.Contains(got.raw, "alice@") || strings.Contains(got.raw, "198.51.100.77") {
			t.Errorf("%s shows personal data: %s", path, got.raw)
		}
		if !strings.Contains(got.raw, "a…@contoso.example") {
			t.Errorf("%s finds or masks nothing: %s", path, got.raw)
		}
	}
	got := helpdesk.call(http.MethodGet, apiAuth+"/"+issued.AuthToken.ID, nil)
	if got.text("authToken.ip") != "198.51.*.*" || got.text("authToken.systemUserName") != "a…@contoso.example" {
		t.Errorf("masked: %s", got.raw)
	}
}

func TestAuthTokenAPI_PatchChangesLabelsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	admin, path := w.as("admin"), apiAuth+"/"+issued.AuthToken.ID
	got := admin.call(http.MethodPatch, path, claims(object{"identifier": "Desk 7", "refId1": "a"})).wants(http.StatusOK)
	if got.text("authToken.identifier") != "Desk 7" || got.text("authToken.refId1") != "a" || got.text("authToken.fqdn") != "pc1" {
		t.Errorf("PATCH: %s", got.raw)
	}
	got = admin.call(http.MethodPatch, path, claims(object{"refId1": "", "refId2": ""})).wants(http.StatusOK)
	if got.at("authToken.refId1") != nil || got.text("authToken.identifier") != "Desk 7" {
		t.Errorf("PATCH: %s", got.raw)
	}
	admin.call(http.MethodPatch, path, claims(object{"systemUserName": "bob", "state": "live", "x": 1, "refId2": 4})).invalid("systemUserName", "state", "x", "refId2")
	admin.call(http.MethodDelete, path, nil).wants(http.StatusNoContent)
	admin.call(http.MethodPatch, path, claims(object{"refId1": "b"})).refuses(http.StatusConflict, models.CodeAuthTokenDeleted)
}

func TestAuthTokenAPI_DeleteJudgesItsParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	issued := w.redeem(secret, "alice", "pc1")
	admin, path := w.as("admin"), apiAuth+"/"+issued.AuthToken.ID
	admin.call(http.MethodDelete, path+"?returnCount=1&reason="+strings.Repeat("r", 501)+"&why=x", nil).invalid("returnCount", "reason", "why")
	admin.call(http.MethodDelete, path+"?returnCount=true&returnCount=false", nil).invalid("returnCount")
	admin.call(http.MethodDelete, path, `{"reason":"lost"}`).invalid("body")
	admin.call(http.MethodDelete, apiAuth+"/"+unknownID, nil).refuses(http.StatusNotFound, models.CodeNotFound)
	if got := admin.call(http.MethodGet, path, nil); got.text("authToken.state") != "live" {
		t.Errorf("a refused deletion deleted: %s", got.raw)
	}
}

func TestAuthTokenAPI_ListFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	for i := range 4 {
		w.redeem(secret, fmt.Sprintf("user%d", i), fmt.Sprintf("pc%d", i%2))
	}
	admin := w.as("admin")
	labelled := admin.call(http.MethodGet, apiAuth+"?systemUserName=user0", nil).rows("authTokens.authToken")[0]["id"].(string)
	admin.call(http.MethodPatch, apiAuth+"/"+labelled, object{"authToken": object{"identifier": "Z\u00fcrich", "refId1": "A1", "refId2": "B2"}}).wants(http.StatusOK)
	for query, want := range map[string]int{
		"?identifier=ZU%CC%88RICH": 1, "?refId1=a1": 1, "?refId2=b2": 1, "?systemUserName=USER0": 1, "?identifier=zurich": 0,
		"": 4, "?fqdn=pc1": 2, "?systemUserName=user3": 1, "?registrationToken=" + token.ID: 4, "?registrationToken=" + unknownID: 0,
		"?macAddress=00:53:00:12:34:56": 4, "?ip=198.51.100.77": 4, "?ip=::ffff:198.51.100.77": 4, "?ip=192.0.2.9": 0,
		"?state=live": 4, "?state=deleted": 0, "?pageSize=3&sortByAsc=systemUserName": 3, "?sortByDesc=lastSeenAt&fqdn=pc0": 2,
	} {
		if got := len(admin.call(http.MethodGet, apiAuth+query, nil).wants(http.StatusOK).rows("authTokens.authToken")); got != want {
			t.Errorf("%q lists %d, want %d", query, got, want)
		}
	}
	for query, field := range map[string]string{
		"?state=dead": "state", "?ip=10.1": "ip", "?registrationToken=abc": "registrationToken", "?email=x": "email", "?fqdn=": "fqdn", "?sortByAsc=ip": "sortByAsc",
	} {
		admin.call(http.MethodGet, apiAuth+query, nil).invalid(field)
	}
}

func TestAuthTokenAPI_GivesCountsBackLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	var ids []string
	for i := range 4 {
		ids = append(ids, w.redeem(secret, fmt.Sprintf("user%d", i), fmt.Sprintf("pc%d", i)).AuthToken.ID)
	}
	admin, one, many := w.as("admin"), apiAuth+"/"+ids[0], apiAuth+"/delete"
	admin.call(http.MethodDelete, one, nil).wants(http.StatusNoContent)
	admin.call(http.MethodDelete, one, nil).wants(http.StatusNoContent)
	if used := w.usedCount(token.ID); used != 4 {
		t.Fatalf("%d are used: a count came back unasked", used)
	}
	admin.call(http.MethodDelete, one+"?returnCount=true", nil).wants(http.StatusNoContent)
	if used := w.usedCount(token.ID); used != 4 {
		t.Fatalf("%d are used: deleting again changes nothing", used)
	}
	for range 2 {
		admin.call(http.MethodPost, many, object{"ids": ids[:1], "returnCount": true}).wants(http.StatusOK)
		if used := w.usedCount(token.ID); used != 3 {
			t.Fatalf("%d are used, want 3", used)
		}
	}
	admin.call(http.MethodPost, many, object{"ids": ids[1:3]}).wants(http.StatusOK)
	deleted := object{"filter": object{"registrationToken": token.ID, "state": "deleted"}, "returnCount": true, "expected": 2}
	admin.call(http.MethodPost, many, object{"filter": deleted["filter"], "expected": 2}).refuses(http.StatusConflict, models.CodeUnexpectedNumber)
	deleted["dryRun"] = true
	preview := admin.call(http.MethodPost, many, deleted).wants(http.StatusOK)
	deleted["dryRun"] = false
	acted := admin.call(http.MethodPost, many, deleted).wants(http.StatusOK)
	for _, got := range []*reply{preview, acted} {
		if got.number("matched") != 3 || got.number("deleted") != 0 || got.number("alreadyDeleted") != 3 || got.number("reclaimed") != 2 || got.number("people") != 2 {
			t.Errorf("counts: %s", got.raw)
		}
	}
	admin.call(http.MethodPost, many, deleted).refuses(http.StatusConflict, models.CodeUnexpectedNumber)
	if used, reclaims := w.usedCount(token.ID), len(w.audited(models.AuditCountReclaimed)); used != 1 || reclaims != 3 {
		t.Errorf("%d are used, the trail has %d reclaims", used, reclaims)
	}
}

func TestAuthTokenAPI_BulkDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	var ids []string
	for i := range 4 {
		ids = append(ids, w.redeem(secret, fmt.Sprintf("user%d", i), fmt.Sprintf("pc%d", i%2)).AuthToken.ID)
	}
	admin, path := w.as("admin"), apiAuth+"/delete"
	counts := func(got *reply, matched, deleted, already, reclaimed int) {
		t.Helper()
		got.wants(http.StatusOK)
		if got.number("matched") != matched || got.number("deleted") != deleted || got.number("alreadyDeleted") != already || got.number("reclaimed") != reclaimed {
			t.Errorf("counts: %s", got.raw)
		}
	}
	filter := object{"fqdn": "pc1", "registrationToken": token.ID}
	dry := admin.call(http.MethodPost, path, object{"filter": filter, "dryRun": true, "returnCount": true})
	counts(dry, 2, 2, 0, 2)
	if dry.number("people") != 2 || dry.number("devices") != 1 || dry.at("dryRun") != true || w.usedCount(token.ID) != 4 {
		t.Errorf("dry run: %s", dry.raw)
	}
	admin.call(http.MethodPost, path, object{"filter": filter, "expected": 3}).refuses(http.StatusConflict, models.CodeUnexpectedNumber)
	counts(admin.call(http.MethodPost, path, object{"filter": filter, "expected": "2", "returnCount": true, "reason": "moved"}), 2, 2, 0, 2)
	counts(admin.call(http.MethodPost, path, object{"ids": append(ids, ids[0], unknownID)}), 4, 2, 2, 0)
	if w.usedCount(token.ID) != 2 {
		t.Errorf("used count %d, want 2", w.usedCount(token.ID))
	}

	many := make([]string, 1001)
	for i := range many {
		many[i] = unknownID
	}
	for name, c := range map[string]struct {
		body   any
		fields []string
	}{
		"neither":          {object{"reason": "x"}, []string{"ids"}},
		"both":             {object{"ids": ids, "filter": filter}, []string{"filter"}},
		"empty ids":        {object{"ids": []string{}}, []string{"ids"}},
		"empty filter":     {object{"filter": object{}}, []string{"filter"}},
		"blank filter":     {object{"filter": object{"fqdn": ""}}, []string{"filter.fqdn"}},
		"unknown filter":   {object{"filter": object{"fqdn": "x", "search": "y"}}, []string{"filter.search"}},
		"too many":         {object{"ids": many}, []string{"ids"}},
		"bad ids":          {object{"ids": []any{"x", 7, ids[0]}}, []string{"ids[0]", "ids[1]"}},
		"wrong everything": {`{"ids":"x","dryRun":"yes","returnCount":1,"expected":-1,"reason":[],"more":1}`, []string{"ids", "dryRun", "returnCount", "expected", "reason", "more"}},
	} {
		t.Run(name, func(t *testing.T) { admin.call(http.MethodPost, path, c.body).invalid(c.fields...) })
	}
	thousand := admin.call(http.MethodPost, path, object{"ids": distinctIDs(1000)})
	counts(thousand, 0, 0, 0, 0)
}

func distinctIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("01jd%022d", i)
	}
	return ids
}
