package handlers_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/models"
)

// asking is the body that asks for a remedy.
func asking(id string, remedy object) object {
	return object{"request": object{"registrationTokenId": id, "remedy": remedy, "reason": "the new branch", "ticket": "INC-1"}}
}

// asks makes a request and returns its path.
func (s *script) asks(id string, remedy object) (path string, got *reply) {
	s.w.t.Helper()
	got = s.call(http.MethodPost, apiRequests, asking(id, remedy)).wants(http.StatusCreated)
	path = apiRequests + "/" + got.text("request.id")
	if location := got.header.Get("Location"); location != path {
		s.w.t.Errorf("Location %q, want %q", location, path)
	}
	return path, got
}

func TestRequestAPI_FromTheVerdictToTheApproval(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	for range 3 {
		w.redeem(secret, "bob", "pc1")
		w.clock.Advance(time.Minute)
	}
	helpdesk, admin := w.as("helpdesk"), w.as("admin")
	judged := helpdesk.call(http.MethodGet, apiRegs+"/"+token.ID+"/verdict", nil).wants(http.StatusOK)
	remedy := members(judged.rows("verdict.findings")[0]["remedy"])
	if remedy["kind"] != "delete_surplus" || remedy["count"] != 2.0 {
		t.Fatalf("the verdict is %s", judged.raw)
	}
	path, made := helpdesk.asks(token.ID, remedy)
	want := []string{"id", "registrationTokenId", "remedy", "reason", "ticket", "state", "createdBy", "createdAt", "decidedBy", "decidedAt", "decision"}
	if got := slices.Sorted(maps.Keys(made.at("request").(object))); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("the fields are %q", got)
	}
	if made.text("request.state") != "open" || made.text("request.ticket") != "INC-1" || made.text("request.createdBy") == "" || made.at("request.decidedBy") != nil ||
		made.text("request.createdAt") != "2026-11-23T10:03:00Z" || made.at("request.remedy.expirationDate") != nil {
		t.Errorf("the request is %s", made.raw)
	}
	if request := members(made.at("request.remedy.request")); members(request["filter"])["finding"] != "retry_loop" || request["expected"] != 2.0 || request["returnCount"] != true {
		t.Errorf("its deletion is %s", made.raw)
	}
	helpdesk.call(http.MethodPost, apiRequests, asking(token.ID, remedy)).refuses(http.StatusConflict, models.CodeRequestExists)
	helpdesk.call(http.MethodPost, path+"/approve", nil).refuses(http.StatusForbidden, models.CodeForbidden)
	helpdesk.call(http.MethodPost, path+"/decline", object{"reason": "r"}).refuses(http.StatusForbidden, models.CodeForbidden)
	admin.call(http.MethodPost, path+"/withdraw", nil).refuses(http.StatusForbidden, models.CodeForbidden)
	if w.usedCount(token.ID) != 3 {
		t.Error("asking did it")
	}
	w.redeem(secret, "bob", "pc1")
	admin.call(http.MethodPost, path+"/approve", nil).refuses(http.StatusConflict, models.CodeNumbersChanged)
	got := admin.call(http.MethodPost, path+"/approve", object{"remedy": object{"count": 3}}).wants(http.StatusOK)
	if got.text("request.state") != "approved" || got.text("request.decidedBy") != "Nora Lindqvist" || got.number("request.remedy.count") != 3 ||
		got.at("registrationToken") != nil || w.usedCount(token.ID) != 1 {
		t.Errorf("approved, and the used count is %d: %s", w.usedCount(token.ID), got.raw)
	}
	if shown := helpdesk.call(http.MethodGet, path, nil).wants(http.StatusOK); shown.text("request.state") != "approved" {
		t.Errorf("who asked sees %s", shown.raw)
	}
	for _, again := range []string{"/approve", "/decline"} {
		admin.call(http.MethodPost, path+again, map[string]any{"/decline": object{"reason": "r"}}[again]).refuses(http.StatusConflict, models.CodeRequestDecided)
	}
	helpdesk.call(http.MethodPost, path+"/withdraw", nil).refuses(http.StatusConflict, models.CodeRequestDecided)
}

func TestRequestAPI_ReplacingShowsTheSecretOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 9)
	admin := w.as("admin")
	path, made := w.as("helpdesk").asks(token.ID, object{"kind": "replace", "count": nil, "request": nil})
	if made.number("request.remedy.count") != 9 {
		t.Errorf("the number is not what remains: %s", made.raw)
	}
	got := admin.call(http.MethodPost, path+"/approve", object{}).wants(http.StatusOK)
	if !strings.HasPrefix(got.text("registrationToken.token"), "mrt_") || got.number("registrationToken.count") != 9 || got.text("registrationToken.replaces") != token.ID {
		t.Errorf("the successor is %s", got.raw)
	}
	if again := admin.call(http.MethodGet, path, nil).wants(http.StatusOK); strings.Contains(again.raw, "mrt_") {
		t.Errorf("the secret is shown again: %s", again.raw)
	}
}

func TestRequestAPI_EachRemedy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, helpdesk := w.as("admin"), w.as("helpdesk")
	token, secret := w.registrationToken("Lab", 9)
	issued := w.redeem(secret, "bob", "pc1").AuthToken.ID
	w.clock.Advance(time.Minute)
	for _, remedy := range []object{
		{"kind": "raise", "count": "4"},
		{"kind": "extend"},
		{"kind": "delete", "request": object{"ids": []string{issued}, "returnCount": true}},
	} {
		path, _ := helpdesk.asks(token.ID, remedy)
		admin.call(http.MethodPost, path+"/approve", nil).wants(http.StatusOK)
	}
	got := admin.call(http.MethodGet, apiRegs+"/"+token.ID, nil).wants(http.StatusOK)
	if got.number("registrationToken.count") != 13 || got.number("registrationToken.usedCount") != 0 {
		t.Errorf("afterwards: %s", got.raw)
	}
	admin.call(http.MethodPatch, apiRegs+"/"+token.ID, object{"registrationToken": object{"isEnabled": false}}).wants(http.StatusOK)
	path, _ := helpdesk.asks(token.ID, object{"kind": "enable"})
	admin.call(http.MethodPost, path+"/approve", nil).wants(http.StatusOK)
	path, _ = helpdesk.asks(token.ID, object{"kind": "raise", "count": 4})
	if got := admin.call(http.MethodPost, path+"/decline", object{"reason": "it leaked"}).wants(http.StatusOK); got.text("request.decision") != "it leaked" {
		t.Errorf("declined: %s", got.raw)
	}
	path, _ = helpdesk.asks(token.ID, object{"kind": "raise", "count": 4})
	if got := helpdesk.call(http.MethodPost, path+"/withdraw", object{}).wants(http.StatusOK); got.text("request.state") != "withdrawn" {
		t.Errorf("withdrawn: %s", got.raw)
	}
	path, _ = helpdesk.asks(token.ID, object{"kind": "raise", "count": 4})
	admin.call(http.MethodPost, path+"/approve", object{"remedy": object{"count": models.MaxCount}}).invalid("remedy.count")
	helpdesk.call(http.MethodPost, path+"/withdraw", object{"reason": "x"}).invalid("reason")
	w.clock.Advance(models.RequestLife)
	if got := w.as("admin").call(http.MethodGet, path, nil).wants(http.StatusOK); got.text("request.state") != "lapsed" || got.at("request.decidedAt") != nil {
		t.Errorf("lapsed: %s", got.raw)
	}
	w.as("admin").call(http.MethodPost, path+"/approve", nil).refuses(http.StatusConflict, models.CodeRequestLapsed)
}

func TestRequestAPI_NamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 9)
	other, _ := w.registrationToken("Other", 9)
	issued := w.redeem(secret, "bob", "pc1").AuthToken.ID
	helpdesk := w.as("helpdesk")
	for _, c := range []struct {
		remedy any
		fields []string
	}{
		{object{"kind": "delete", "request": object{"filter": object{"registrationToken": other.ID, "finding": "retry_loop"}, "returnCount": true}}, []string{"remedy.request.filter.registrationToken"}},
		{object{"kind": "delete", "request": object{"filter": object{"registrationToken": token.ID, "finding": "retry_loop", "systemUserName": "bob"}}}, []string{"remedy.request.filter.systemUserName"}},
		{object{"kind": "delete", "request": object{"filter": object{"registrationToken": token.ID, "finding": "retry_loop"}, "returnCount": true}}, []string{"remedy.request"}},
		{object{"kind": "delete", "request": object{"filter": object{"registrationToken": token.ID}, "ids": []string{issued}}}, []string{"remedy.request.filter"}},
		{object{"kind": "delete", "count": 2, "request": object{"ids": []string{issued}, "expected": 1}}, []string{"remedy.request.expected"}},
		{object{"kind": "delete", "request": object{"ids": []string{}}}, []string{"remedy.request.ids"}},
		{object{"kind": "delete", "request": object{"ids": []string{other.ID}}}, []string{"remedy.request"}},
		{object{"kind": "delete", "request": object{"ids": []string{issued}, "dryRun": true}}, []string{"remedy.request.dryRun"}},
		{object{"kind": "raise", "count": 1.5, "colour": 1}, []string{"remedy.count", "remedy.colour"}},
		{object{"kind": "raise"}, []string{"remedy.count"}},
		{object{"kind": "raise", "count": 2, "request": object{}}, []string{"remedy.request"}},
		{object{"kind": "ask"}, []string{"remedy.kind"}},
		{"raise", []string{"remedy"}},
		{nil, []string{"remedy"}},
	} {
		helpdesk.call(http.MethodPost, apiRequests, object{"request": object{"registrationTokenId": token.ID, "remedy": c.remedy, "reason": "r"}}).invalid(c.fields...)
	}
	helpdesk.call(http.MethodPost, apiRequests, object{"request": object{"remedy": object{"kind": "extend"}, "state": "open"}}).invalid("registrationTokenId", "reason", "state")
	helpdesk.call(http.MethodPost, apiRequests, object{"request": object{"registrationTokenId": unknownID, "remedy": object{"kind": "extend"}, "reason": "r"}}).invalid("registrationTokenId")
	helpdesk.call(http.MethodGet, apiRequests+"/"+unknownID, nil).refuses(http.StatusNotFound, models.CodeNotFound)
	if rows := helpdesk.call(http.MethodGet, apiRequests, nil).wants(http.StatusOK).rows("requests.request"); len(rows) != 0 {
		t.Errorf("there are %v", rows)
	}
}

func TestRequestAPI_ListsNewestFirstByScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab", 9)
	other, _ := w.registrationToken("Other", 9)
	writes, reads := w.withKey(models.ScopeRequestsWrite), w.withKey(models.ScopeRequestsRead)
	first, _ := writes.asks(token.ID, object{"kind": "raise", "count": 1})
	w.clock.Advance(time.Second)
	second, _ := writes.asks(other.ID, object{"kind": "raise", "count": 1})
	w.clock.Advance(time.Second)
	third, _ := writes.asks(token.ID, object{"kind": "replace"})
	writes.call(http.MethodPost, third+"/withdraw", nil).wants(http.StatusOK)
	reads.call(http.MethodPost, apiRequests, asking(token.ID, object{"kind": "extend"})).refuses(http.StatusForbidden, models.CodeForbidden)
	for _, does := range []string{"/approve", "/decline"} {
		writes.call(http.MethodPost, first+does, nil).refuses(http.StatusForbidden, models.CodeForbidden)
	}
	w.withKey(models.ScopeRegistrationTokensWrite).call(http.MethodGet, apiRequests, nil).refuses(http.StatusForbidden, models.CodeForbidden)
	for query, want := range map[string][]string{
		"":                              {third, second, first},
		"state=open":                    {second, first},
		"state=withdrawn":               {third},
		"state=lapsed":                  {},
		"registrationToken=" + token.ID: {third, first},
		"state=open&registrationToken=" + token.ID: {first},
	} {
		var got []string
		for _, row := range reads.walk(apiRequests, query, "requests.request", "requests.nextPageToken") {
			got = append(got, apiRequests+"/"+row["id"].(string))
		}
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	reads.call(http.MethodGet, apiRequests+"?state=new&registrationToken=x&sortByAsc=id", nil).invalid("state", "registrationToken", "sortByAsc")
}

func TestNoteAPI_AboutEachKindOfObject(t *testing.T) {
	t.Parallel()
	s := newStage(newWorld(t))
	helpdesk := s.w.as("helpdesk")
	for path, kind := range map[string]string{
		apiRegs + "/" + s.token.ID:                "registration_token",
		apiAuth + "/" + s.issued:                  "auth_token",
		"/token/api/v5/refusedAttempts/" + s.code: "refused_attempt",
	} {
		path += "/notes"
		if rows := helpdesk.call(http.MethodGet, path, nil).wants(http.StatusOK).rows("notes.note"); len(rows) != 0 {
			t.Errorf("%s has %v", path, rows)
		}
		made := helpdesk.call(http.MethodPost, path, object{"note": object{"text": "called\nanna@contoso.example back"}}).wants(http.StatusCreated)
		if made.text("note.objectKind") != kind || !strings.Contains(path, made.text("note.objectId")) || made.text("note.text") != "called\na…@contoso.example back" || made.at("note.ticket") != nil {
			t.Errorf("the note is %s", made.raw)
		}
		s.w.clock.Advance(time.Second)
		s.admin.call(http.MethodPost, path, object{"note": object{"ticket": "INC-7"}}).wants(http.StatusCreated)
		rows := s.admin.call(http.MethodGet, path, nil).wants(http.StatusOK).rows("notes.note")
		if len(rows) != 2 || rows[0]["ticket"] != "INC-7" || rows[0]["text"] != "" || rows[1]["text"] != "called\nanna@contoso.example back" {
			t.Errorf("the notes are %v", rows)
		}
		helpdesk.call(http.MethodPost, path, object{"note": object{}}).invalid("text")
		helpdesk.call(http.MethodPost, path, object{"note": object{"text": strings.Repeat("n", 4001), "ticket": "a\nb", "id": "x"}}).invalid("text", "ticket", "id")
	}
	for _, path := range []string{apiRegs + "/" + unknownID, apiAuth + "/" + unknownID, "/token/api/v5/refusedAttempts/AAAA-AAAA"} {
		helpdesk.call(http.MethodPost, path+"/notes", object{"note": object{"text": "x"}}).refuses(http.StatusNotFound, models.CodeNotFound)
		helpdesk.call(http.MethodGet, path+"/notes", nil).refuses(http.StatusNotFound, models.CodeNotFound)
	}
}

// What was asked for stands in the changes of the registration token and in the trail,
// under its name.
func TestRequest_StandsInTheChangesAndInTheTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Lab of Anna", 9)
	path, _ := w.as("helpdesk").asks(token.ID, object{"kind": "raise", "count": 4})
	w.clock.Advance(time.Second)
	w.as("admin").call(http.MethodPost, path+"/approve", nil).wants(http.StatusOK)
	b := w.login("helpdesk")
	changes := squeeze(b.get(registrationTokens + "/" + token.ID + "?section=changes").wants(http.StatusOK).doc.Text())
	for _, want := range []string{"Asked to raise the count by 4: the new branch", "Approved the request to raise the count by 4", "Raised the count from 9 to 13: the new branch"} {
		if !strings.Contains(changes, want) {
			t.Errorf("the changes lack %q: %s", want, changes)
		}
	}
	trail := b.get(auditPage).wants(http.StatusOK)
	text := squeeze(trail.doc.Text())
	for _, want := range []string{"asked to raise the count of Lab of Anna by 4: the new branch", "approved the request to raise the count of Lab of Anna by 4"} {
		if !strings.Contains(text, want) {
			t.Errorf("the trail lacks %q: %s", want, text)
		}
	}
}
