package handlers_test

import (
	"net/http"
	"testing"
	"time"
)

// A null in a deletion is a slip of the caller's script: taken for "left out"
// it would delete more than was meant.
func TestAuthTokenAPI_BulkDeleteRefusesEveryNull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	id := w.redeem(secret, "alice", "pc1").AuthToken.ID
	w.redeem(secret, "bob", "pc2")
	admin, path := w.as("admin"), apiAuth+"/delete"
	one := object{"registrationToken": token.ID}
	for name, c := range map[string]struct {
		body  object
		field string
	}{
		"one field of two":      {object{"filter": object{"registrationToken": token.ID, "fqdn": nil}}, "filter.fqdn"},
		"the only field":        {object{"filter": object{"ip": nil}}, "filter.ip"},
		"dry run":               {object{"filter": one, "dryRun": nil}, "dryRun"},
		"expected":              {object{"filter": one, "expected": nil}, "expected"},
		"return of counts":      {object{"filter": one, "returnCount": nil}, "returnCount"},
		"reason":                {object{"filter": one, "reason": nil}, "reason"},
		"ids beside a filter":   {object{"filter": one, "ids": nil}, "ids"},
		"ids alone":             {object{"ids": nil}, "ids"},
		"one of the ids":        {object{"ids": []any{id, nil}}, "ids[1]"},
		"filter alone":          {object{"filter": nil}, "filter"},
		"filter beside ids":     {object{"ids": []string{id}, "filter": nil}, "filter"},
		"something unheard of":  {object{"ids": []string{id}, "more": nil}, "more"},
		"an unheard of filter":  {object{"filter": object{"fqdn": "pc1", "email": nil}}, "filter.email"},
		"the registrationToken": {object{"filter": object{"fqdn": "pc1", "registrationToken": nil}}, "filter.registrationToken"},
	} {
		t.Run(name, func(t *testing.T) { admin.call(http.MethodPost, path, c.body).invalid(c.field) })
	}
	for _, row := range admin.call(http.MethodGet, apiAuth, nil).rows("authTokens.authToken") {
		if row["state"] != "live" {
			t.Errorf("a refused deletion deleted %v", row)
		}
	}
}

func TestRegistrationTokenAPI_PatchNullClearsTextsAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 9)
	admin, path := w.as("admin"), apiRegs+"/"+token.ID
	admin.call(http.MethodPatch, path, settings(object{"refId1": "a", "refId2": "b", "note": "n", "expirationDate": "2026-12-01"})).wants(http.StatusOK)
	got := admin.call(http.MethodPatch, path, settings(object{"identifier": nil, "refId1": nil, "note": nil})).wants(http.StatusOK)
	if got.at("registrationToken.refId1") != nil || got.at("registrationToken.note") != nil || got.text("registrationToken.refId2") != "b" {
		t.Errorf("null did not clear what it named, or more: %s", got.raw)
	}
	if made := got.text("registrationToken.identifier"); made == "Lab" || made == "" {
		t.Errorf("the identifier was not made up anew: %s", got.raw)
	}
	for _, field := range []string{"count", "expirationDate", "isEnabled", "customer"} {
		admin.call(http.MethodPatch, path, settings(object{field: nil, "refId2": "changed"})).invalid(field)
	}
	admin.call(http.MethodPatch, path, settings(object{"customer": object{"id": token.CustomerID, "identifier": nil}})).invalid("customer.identifier")
	admin.call(http.MethodPatch, path, settings(object{"status": nil})).invalid("status")
	got = admin.call(http.MethodGet, path, nil)
	if got.number("registrationToken.count") != 9 || got.text("registrationToken.refId2") != "b" ||
		got.at("registrationToken.isEnabled") != true || got.text("registrationToken.expirationDate") != "2026-12-01T23:59:59Z" {
		t.Errorf("a refused change changed: %s", got.raw)
	}
}

// PUT writes the whole: a member that is null says "none", which is what
// leaving it out says.
func TestRegistrationTokenAPI_PutNullMeansLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 9)
	admin, path := w.as("admin"), apiRegs+"/"+token.ID
	admin.call(http.MethodPatch, path, settings(object{"refId1": "a", "note": "n", "expirationDate": "2026-12-01", "isEnabled": false})).wants(http.StatusOK)
	got := admin.call(http.MethodPut, path, settings(object{
		"identifier": "Lab", "count": 9, "refId1": nil, "note": nil, "expirationDate": nil, "isEnabled": nil, "customer": nil,
	})).wants(http.StatusOK)
	if got.at("registrationToken.refId1") != nil || got.at("registrationToken.note") != nil || got.at("registrationToken.isEnabled") != true ||
		got.text("registrationToken.expirationDate") != w.clock.Now().Add(30*24*time.Hour).Format(time.RFC3339) {
		t.Errorf("PUT with nulls: %s", got.raw)
	}
	admin.call(http.MethodPut, path, settings(object{"count": nil})).invalid("count")
}

// What replaces overrides what it names, as a PATCH does.
func TestRegistrationTokenAPI_ReplaceNullClearsTextsAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 9)
	admin, path := w.as("admin"), apiRegs+"/"+token.ID
	admin.call(http.MethodPatch, path, settings(object{"refId1": "a", "note": "n"})).wants(http.StatusOK)
	for _, field := range []string{"count", "expirationDate", "isEnabled", "customer"} {
		admin.call(http.MethodPost, path+"/replace", settings(object{field: nil})).invalid(field)
	}
	got := admin.call(http.MethodPost, path+"/replace", settings(object{"note": nil})).wants(http.StatusCreated)
	if got.at("registrationToken.note") != nil || got.text("registrationToken.refId1") != "a" || got.number("registrationToken.count") != 9 {
		t.Errorf("replace with a null: %s", got.raw)
	}
}

func TestAuthTokenAPI_PatchNullClears(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret := w.registrationToken("Lab", 3)
	admin, path := w.as("admin"), apiAuth+"/"+w.redeem(secret, "alice", "pc1").AuthToken.ID
	admin.call(http.MethodPatch, path, claims(object{"identifier": "Desk 7", "refId1": "a", "refId2": "b"})).wants(http.StatusOK)
	got := admin.call(http.MethodPatch, path, claims(object{"identifier": nil, "refId1": nil})).wants(http.StatusOK)
	if got.at("authToken.identifier") != nil || got.at("authToken.refId1") != nil || got.text("authToken.refId2") != "b" {
		t.Errorf("PATCH with nulls: %s", got.raw)
	}
}

func TestRedeem_NullIsLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 3)
	device := w.script("Bearer " + secret.Reveal())
	device.call(http.MethodPost, apiAuth, claims(object{"fqdn": "pc1", "systemUserName": nil, "macAddress": nil, "refId1": nil})).wants(http.StatusCreated)
	device.call(http.MethodPost, apiAuth, claims(object{"fqdn": nil, "systemUserName": nil})).invalid("systemUserName")
	if used := w.usedCount(token.ID); used != 1 {
		t.Errorf("used count %d, want 1", used)
	}
}
