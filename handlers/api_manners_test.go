package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"muster/models"
)

func TestListsAPI_SayHowManyThereAreWhenAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	_, secret := w.registrationToken("Lab", 5)
	for n := range 3 {
		w.registrationToken("Pilot", 1)
		w.redeem(secret, fmt.Sprint("user", n), "pc1")
	}
	for list, want := range map[string]struct{ members, query string }{
		apiRegs: {"registrationTokens", "&identifier=Pilot"}, apiAuth: {"authTokens", "&fqdn=pc1"}, apiAuth + "?": {"authTokens", ""},
	} {
		got := admin.call(http.MethodGet, strings.TrimSuffix(list, "?")+"?pageSize=2&total=true"+want.query, nil).wants(http.StatusOK)
		if got.number(want.members+".total") != 3 || got.at(want.members+".totalIsMore") != false || got.text(want.members+".nextPageToken") == "" {
			t.Errorf("%s: %s", list, got.raw)
		}
	}
	if got := admin.call(http.MethodGet, apiRequests+"?total=true", nil).wants(http.StatusOK); got.number("requests.total") != 0 {
		t.Errorf("requests: %s", got.raw)
	}
	for _, query := range []string{"", "?total=false"} {
		if got := admin.call(http.MethodGet, apiRegs+query, nil).wants(http.StatusOK); got.at("registrationTokens.total") != nil {
			t.Errorf("not asked for: %s", got.raw)
		}
	}
	admin.call(http.MethodGet, apiRegs+"?total=1", nil).invalid("total")
}

func TestRegistrationTokenAPI_PutTakesBackWhatGetAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	made := admin.call(http.MethodPost, apiRegs, settings(object{
		"count": 5, "identifier": "for ann@contoso.example", "note": "call bob@contoso.example", "refId1": "r",
	})).wants(http.StatusCreated)
	path := apiRegs + "/" + made.text("registrationToken.id")
	w.redeem(models.Secret(made.text("registrationToken.token")), "ann", "pc1")
	// Who sees addresses masked gives them back masked, and changes none.
	masked := w.withKey(models.ScopeRegistrationTokensWrite)
	for name, caller := range map[string]*script{"admin": admin, "key": masked} {
		before := caller.call(http.MethodGet, path, nil).wants(http.StatusOK)
		if before.text("registrationToken.lastModified") != before.text("registrationToken.updatedAt") {
			t.Errorf("lastModified: %s", before.raw)
		}
		if hidden := !strings.Contains(before.raw, "ann@"); hidden != (name == "key") {
			t.Fatalf("%s sees %s", name, before.raw)
		}
		caller.call(http.MethodPut, path, before.raw, "If-Match", before.header.Get("ETag")).wants(http.StatusOK)
		got := admin.call(http.MethodGet, path, nil)
		if got.text("registrationToken.identifier") != "for ann@contoso.example" || got.text("registrationToken.note") != "call bob@contoso.example" ||
			got.text("registrationToken.refId1") != "r" || got.number("registrationToken.count") != 5 || got.text("registrationToken.expirationDate") != before.text("registrationToken.expirationDate") {
			t.Errorf("%s changed it: %s", name, got.raw)
		}
	}

	given := admin.call(http.MethodGet, path, nil).at("registrationToken").(object)
	given["count"], given["note"] = 7, "new"
	got := admin.call(http.MethodPut, path, settings(given)).wants(http.StatusOK)
	if got.number("registrationToken.count") != 7 || got.text("registrationToken.note") != "new" {
		t.Errorf("changed: %s", got.raw)
	}
	admin.call(http.MethodPut, path, settings(given)).invalid("remainingCount") // it was 4, and is 6
	given["remainingCount"] = 6
	for member, value := range map[string]any{"id": unknownID, "usedCount": 0, "status": "expired", "createdBy": "x", "replaces": unknownID, "token": "mrt_x"} {
		changed := object{}
		for name, old := range given {
			changed[name] = old
		}
		changed[member] = value
		admin.call(http.MethodPut, path, settings(changed)).invalid(member)
	}
	admin.call(http.MethodPatch, path, settings(object{"id": given["id"]})).invalid("id")
	admin.call(http.MethodPut, apiRegs+"/"+unknownID, settings(given)).wants(http.StatusUnprocessableEntity)
}
