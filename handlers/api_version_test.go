package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"muster/models"
)

func TestVersions_RedemptionsAndRefreshesLeaveTheETagAndEditsDoNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	made := admin.call(http.MethodPost, apiRegs, settings(object{"count": 5})).wants(http.StatusCreated)
	path := apiRegs + "/" + made.text("registrationToken.id")
	tag := made.header.Get("ETag")
	if len(tag) < 10 || !strings.HasPrefix(tag, `"`) {
		t.Fatalf("the tag of a new one is %q", tag)
	}
	issued := w.redeem(models.Secret(made.text("registrationToken.token")), "ann", "pc1")
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if got := admin.call(method, path, nil).wants(http.StatusOK).header.Get("ETag"); got != tag {
			t.Errorf("%s after a redemption: %s, before %s", method, got, tag)
		}
	}
	changed := admin.call(http.MethodPatch, path, settings(object{"note": "x"}), "If-Match", tag).wants(http.StatusOK)
	if got := changed.header.Get("ETag"); got == tag || got != admin.call(http.MethodGet, path, nil).header.Get("ETag") {
		t.Errorf("the tag after an edit is %s", got)
	}
	admin.call(http.MethodPatch, path, settings(object{"note": "y"}), "If-Match", tag).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	admin.call(http.MethodPut, path, settings(object{"count": 9}), "If-Match", tag).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	admin.call(http.MethodDelete, path, nil, "If-Match", tag).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	if got := admin.call(http.MethodGet, path, nil); got.text("registrationToken.note") != "x" || got.number("registrationToken.count") != 5 {
		t.Errorf("a refused change was made: %s", got.raw)
	}

	auth := apiAuth + "/" + issued.AuthToken.ID
	tag = admin.call(http.MethodGet, auth, nil).wants(http.StatusOK).header.Get("ETag")
	labelled := admin.call(http.MethodPatch, auth, `{"authToken":{"refId1":"r"}}`, "If-Match", tag).wants(http.StatusOK).header.Get("ETag")
	if labelled == tag {
		t.Error("a label leaves the tag of an auth token")
	}
	admin.call(http.MethodPatch, auth, `{"authToken":{"refId1":"r"}}`, "If-Match", tag).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	admin.call(http.MethodPatch, auth, `{"authToken":{"refId1":"s"}}`, "If-Match", tag).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	admin.call(http.MethodDelete, auth, nil, "If-Match", tag).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	admin.call(http.MethodDelete, auth, nil, "If-Match", labelled).wants(http.StatusNoContent)
	admin.call(http.MethodDelete, auth, nil, "If-Match", labelled).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	admin.call(http.MethodDelete, auth, nil).wants(http.StatusNoContent)
}

// The tag is of what people can edit. Uses move on without it, so who asks for what is new
// gets it, though the tag is the one that they have.
func TestVersions_AKeptTagHidesNoUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 5)
	path := apiRegs + "/" + token.ID
	admin := w.as("admin")
	tag := admin.call(http.MethodGet, path, nil).wants(http.StatusOK).header.Get("ETag")
	w.redeem(secret, "ann", "pc1")
	for _, list := range []string{tag, "*", "W/" + tag} {
		got := admin.call(http.MethodGet, path, nil, "If-None-Match", list).wants(http.StatusOK)
		if got.number("registrationToken.usedCount") != 1 || got.header.Get("ETag") != tag {
			t.Errorf("%s: %s %s", list, got.header.Get("ETag"), got.raw)
		}
	}
}

func TestVersions_IfMatchIsReadAsTheStandardSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as("admin")
	token, _ := w.registrationToken("Pilot", 5)
	path := apiRegs + "/" + token.ID
	patch := func(headers ...string) *reply {
		return admin.call(http.MethodPatch, path, settings(object{"count": 5}), headers...)
	}
	tag := admin.call(http.MethodGet, path, nil).header.Get("ETag")
	for _, list := range []string{"*", tag, `"a", ` + tag, `"a,b" ,,` + tag + ` , `, tag + `,"x"`} {
		patch("If-Match", list).wants(http.StatusOK)
	}
	patch("If-Match", `"a"`, "If-Match", tag).wants(http.StatusOK)
	for _, list := range []string{"W/" + tag, `"a"`, `""`, `"a", W/` + tag, "", `"*"`} {
		patch("If-Match", list).refuses(http.StatusPreconditionFailed, models.CodePreconditionFailed)
	}
	for _, list := range []string{"a", `"a`, tag + tag, `*, ` + tag, `w/` + tag, `"a b"`, strings.Trim(tag, `"`)} {
		patch("If-Match", list).wants(http.StatusBadRequest)
	}
	// What would be refused anyway is refused for that.
	admin.call(http.MethodPatch, path, settings(object{"count": 0}), "If-Match", `"a"`).invalid("count")
	admin.call(http.MethodPatch, apiRegs+"/"+unknownID, settings(object{"count": 1}), "If-Match", `"a"`).wants(http.StatusNotFound)
	admin.call(http.MethodDelete, path, nil, "If-Match", "*").wants(http.StatusNoContent)
}

// Who sees texts masked gets the very tag that a change must name.
func TestVersions_MaskedCallersMayUseTheTagTheySee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("ann@corp.example", 5)
	path := apiRegs + "/" + token.ID
	tag := w.as("helpdesk").call(http.MethodGet, path, nil).wants(http.StatusOK).header.Get("ETag")
	masked := w.withKey(models.ScopeRegistrationTokensRead, models.ScopeRegistrationTokensWrite)
	if got := masked.call(http.MethodGet, path, nil).wants(http.StatusOK); got.header.Get("ETag") != tag || strings.Contains(got.raw, "ann@corp") {
		t.Fatalf("%s: %s", got.header.Get("ETag"), got.raw)
	}
	masked.call(http.MethodPatch, path, settings(object{"count": 6}), "If-Match", tag).wants(http.StatusOK)
}

func TestVersions_RequestsHaveATagThatADecisionChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 5)
	helpdesk := w.as("helpdesk")
	made := helpdesk.call(http.MethodPost, apiRequests, asking(token.ID, object{"kind": "raise", "count": 3})).wants(http.StatusCreated)
	path := apiRequests + "/" + made.text("request.id")
	before := helpdesk.call(http.MethodGet, path, nil).wants(http.StatusOK).header.Get("ETag")
	helpdesk.call(http.MethodPost, path+"/withdraw", nil).wants(http.StatusOK)
	if after := helpdesk.call(http.MethodGet, path, nil).header.Get("ETag"); before == "" || after == before {
		t.Errorf("before %q, after %q", before, after)
	}
}
