package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/lists"
	"muster/models/verdict"
	"muster/tokens"
)

// play lets a history happen, through the real token service, and returns its
// registration token.
func (w *world) play(h *histories.History) *models.RegistrationToken {
	w.t.Helper()
	ctx, start := w.t.Context(), w.clock.Now()
	token, secret, err := w.service.CreateRegistrationToken(ctx, w.admin(), models.RegistrationTokenSettings{
		Identifier: &h.Name, Count: &h.Count, ExpiresAt: new(start.Add(h.Expires)),
	})
	must(w.t, err)
	if h.Expected != "" {
		_, err := w.service.SetAdmission(ctx, w.admin(), token.ID, models.AdmissionSettings{Mode: models.ListReplace, Entries: lists.ReadExpected(h.Expected, lists.Choices{}).Entries})
		must(w.t, err)
	}
	first, newest := map[*histories.Use]*tokens.IssuedAuthToken{}, map[*histories.Use]*tokens.IssuedSecrets{}
	for _, e := range h.InOrder() {
		w.clock.Advance(start.Add(e.After).Sub(w.clock.Now()))
		must(w.t, w.happens(e, token.ID, secret, first, newest))
	}
	w.clock.Advance(start.Add(h.Looked).Sub(w.clock.Now()))
	return token
}

// happens lets one thing happen. first and newest are what each use got at first, and
// by its last refresh.
func (w *world) happens(e histories.Event, id string, secret models.Secret, first map[*histories.Use]*tokens.IssuedAuthToken, newest map[*histories.Use]*tokens.IssuedSecrets) (err error) {
	w.t.Helper()
	ctx, off, request := w.t.Context(), false, w.redeemRequest(secret, "", "")
	if e.Use != nil {
		request.Claimed, request.Verified, request.Origin.IP = e.Use.Claimed, e.Use.Verified, e.Use.IP
	}
	expect := func(err error, code models.Code) error {
		if models.ErrorCode(err) == code {
			return nil
		}
		return err
	}
	switch e.Kind {
	case histories.Redeemed:
		if first[e.Use], err = w.service.Redeem(ctx, request); err == nil {
			newest[e.Use] = &first[e.Use].IssuedSecrets
		}
	case histories.TurnedAway:
		_, err = w.service.Redeem(ctx, request)
		err = expect(err, models.CodeRegistrationTokenExhausted)
	case histories.Refreshed:
		newest[e.Use], err = w.service.Refresh(ctx, newest[e.Use].RefreshToken, request.Origin)
	case histories.Ended:
		_, err = w.service.Refresh(ctx, first[e.Use].RefreshToken, request.Origin)
		err = expect(err, models.CodeRefreshTokenReused)
	case histories.Deleted, histories.GivenBack:
		err = w.service.DeleteAuthToken(ctx, w.admin(), first[e.Use].AuthToken.ID, "", e.Kind == histories.GivenBack)
	case histories.Disabled:
		_, err = w.service.UpdateRegistrationToken(ctx, w.admin(), id, models.RegistrationTokenSettings{Enabled: &off})
	case histories.Replaced:
		_, _, err = w.service.ReplaceRegistrationToken(ctx, w.admin(), id, models.RegistrationTokenSettings{})
	case histories.Withdrawn:
		_, err = w.service.DeleteRegistrationToken(ctx, w.admin(), id, models.RegistrationTokenDeletion{})
	}
	return err
}

// liveOf are the auth tokens of a registration token that can be used now.
func (w *world) liveOf(id string) []string {
	w.t.Helper()
	e, err := w.store.Evidence(w.t.Context(), id)
	must(w.t, err)
	var ids []string
	for i := range e.Uses {
		if e.Uses[i].Live(w.clock.Now()) {
			ids = append(ids, e.Uses[i].AuthTokenID)
		}
	}
	slices.Sort(ids)
	return ids
}

// actsOn are the auth tokens that the remedy of a finding acts on.
func (w *world) actsOn(id string, kind models.FindingKind) []string {
	w.t.Helper()
	t, err := w.store.RegistrationToken(w.t.Context(), id)
	must(w.t, err)
	e, err := w.store.Evidence(w.t.Context(), id)
	must(w.t, err)
	judged := verdict.Judge(models.DefaultVerdictRules(), t, e, w.clock.Now())
	return judged.AuthTokensOf(kind)
}

// members are the members of an object in an answer.
func members(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

func number(value any) int {
	n, _ := value.(float64)
	return int(n)
}

// Of each history, the number in the sentence's remedy is that of the preview and
// of the deletion; nobody else's auth token ends; and then nothing is left to do.
func TestVerdictAPI_EachRemedyDoesWhatItSays(t *testing.T) {
	t.Parallel()
	for _, h := range histories.All() {
		t.Run(h.Name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token := w.play(h)
			admin, path := w.as("admin"), apiRegs+"/"+token.ID+"/verdict"
			for range len(models.FindingKinds) {
				got := admin.call(http.MethodGet, path, nil).wants(http.StatusOK)
				wantsSums(t, got, w.usedCount(token.ID))
				remedy := firstRequest(t, w, admin, got)
				if remedy == nil {
					return
				}
				w.carriesOut(admin, token.ID, remedy)
			}
			t.Error("the remedies never end")
		})
	}
}

// wantsSums checks what holds for every verdict.
func wantsSums(t *testing.T, got *reply, used int) {
	t.Helper()
	sum, last := 0, ""
	for _, f := range got.rows("verdict.findings") {
		sum, last = sum+number(f["counts"]), fmt.Sprint(f["kind"])
		if f["sentence"] == "" || f["names"] == nil {
			t.Errorf("an unfinished finding: %v", f)
		}
	}
	if sum != used || got.number("verdict.uses") != used || got.text("verdict.sentence") == "" {
		t.Errorf("%d uses, the findings account for %d: %s", used, sum, got.raw)
	}
	if strings.Contains(got.raw, `"kind":"in_order"`) && last != "in_order" {
		t.Errorf("what is in order does not stand last: %s", got.raw)
	}
}

// firstRequest previews every request of a verdict, and returns the first.
func firstRequest(t *testing.T, w *world, admin *script, got *reply) (first map[string]any) {
	t.Helper()
	for _, f := range got.rows("verdict.findings") {
		remedy := members(f["remedy"])
		request := members(remedy["request"])
		if request == nil {
			continue
		}
		if request["expected"] != remedy["count"] {
			t.Errorf("%s expects %v: %s", f["kind"], request["expected"], got.raw)
		}
		request["dryRun"] = true
		preview := admin.call(http.MethodPost, apiAuth+"/delete", request).wants(http.StatusOK)
		delete(request, "dryRun")
		if n := number(remedy["count"]); preview.number("matched") != n || request["returnCount"] == true && preview.number("reclaimed") != n {
			t.Errorf("%s: the remedy says %d, the preview %s", f["kind"], n, preview.raw)
		}
		if first == nil {
			first = request
		}
	}
	return first
}

// carriesOut sends a request for real.
func (w *world) carriesOut(admin *script, id string, request map[string]any) {
	w.t.Helper()
	kind, _ := members(request["filter"])["finding"].(string)
	before, named, used := w.liveOf(id), w.actsOn(id, models.FindingKind(kind)), w.usedCount(id)
	acted := admin.call(http.MethodPost, apiAuth+"/delete", request).wants(http.StatusOK)
	n := number(request["expected"])
	if acted.number("deleted")+acted.number("reclaimed") == 0 || acted.number("matched") != n || used-w.usedCount(id) != acted.number("reclaimed") {
		w.t.Errorf("%s of %d: %s", kind, n, acted.raw)
	}
	want := slices.DeleteFunc(before, func(id string) bool { return slices.Contains(named, id) })
	if after := w.liveOf(id); !slices.Equal(after, want) {
		w.t.Errorf("%s: live are %v, want %v", kind, after, want)
	}
	if findings, err := w.store.Check(w.t.Context()); err != nil || len(findings) > 0 {
		w.t.Errorf("check found %v, %v", findings, err)
	}
	admin.call(http.MethodPost, apiAuth+"/delete", request).refuses(http.StatusConflict, models.CodeUnexpectedNumber)
}

func TestVerdictAPI_WhoMaySeeIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 10)
	path := apiRegs + "/" + token.ID + "/verdict"
	empty := w.as("admin").call(http.MethodGet, path, nil).wants(http.StatusOK)
	if f := empty.rows("verdict.findings"); len(f) != 1 || f[0]["kind"] != "in_order" || empty.text("verdict.sentence") != "Nobody has used it." {
		t.Errorf("of an unused one: %s", empty.raw)
	}
	for range 5 {
		w.redeem(secret, "loop@contoso.example", "loop@host.example")
		w.clock.Advance(time.Minute)
	}
	shown, masked := w.as("admin").call(http.MethodGet, path, nil).wants(http.StatusOK), w.as("helpdesk").call(http.MethodGet, path, nil).wants(http.StatusOK)
	if !strings.Contains(shown.raw, "loop@host.example") || strings.Contains(masked.raw, "loop@") || strings.Contains(w.maskedKey().call(http.MethodGet, path, nil).raw, "loop@") {
		t.Errorf("shown %s\nmasked %s", shown.raw, masked.raw)
	}
	request := members(members(masked.rows("verdict.findings")[0]["remedy"])["request"])
	if members(request["filter"])["registrationToken"] != token.ID {
		t.Errorf("the masked request is %v", request)
	}
	w.as("helpdesk").call(http.MethodPost, apiAuth+"/delete", request).wants(http.StatusForbidden)
	w.as("admin").call(http.MethodGet, path+"?at=now", nil).invalid("at")
	w.as("admin").call(http.MethodGet, apiRegs+"/"+unknownID+"/verdict", nil).refuses(http.StatusNotFound, models.CodeNotFound)
}

func TestVerdictAPI_AFindingIsChosenForDeletionsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Pilot", 10)
	admin := w.as("admin")
	for _, filter := range []object{
		{"finding": "retry_loop"},
		{"finding": "greed", "registrationToken": token.ID},
		{"finding": "", "registrationToken": token.ID},
	} {
		field := "finding"
		if filter["finding"] == "" {
			field = "filter.finding"
		}
		admin.call(http.MethodPost, apiAuth+"/delete", object{"filter": filter}).invalid(field)
	}
	admin.call(http.MethodGet, apiAuth+"?finding=retry_loop&registrationToken="+token.ID, nil).invalid("finding")
	none := object{"filter": object{"finding": "strangers", "registrationToken": token.ID}, "expected": 0}
	if got := admin.call(http.MethodPost, apiAuth+"/delete", none).wants(http.StatusOK); got.number("matched") != 0 {
		t.Errorf("of a finding that is none: %s", got.raw)
	}
	none["expected"] = 1
	admin.call(http.MethodPost, apiAuth+"/delete", none).refuses(http.StatusConflict, models.CodeUnexpectedNumber)
}

func TestAuthTokenAPI_ANameOfSeveralIsRefusedWithTheirNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Pilot", 10)
	for i, subject := range []string{"john", "jane"} {
		request := w.redeemRequest(secret, "jdoe", fmt.Sprintf("pc-%d.contoso.example", i))
		request.Verified = models.VerifiedIdentity{Issuer: "https://idp.example", Subject: subject, Email: subject + "@contoso.example"}
		_, err := w.service.Redeem(t.Context(), request)
		must(t, err)
	}
	admin, filter := w.as("admin"), object{"systemUserName": "jdoe", "registrationToken": token.ID}
	for _, dryRun := range []bool{true, false} {
		got := admin.call(http.MethodPost, apiAuth+"/delete", object{"filter": filter, "dryRun": dryRun}).refuses(http.StatusConflict, models.CodeSeveralMatch)
		if !strings.Contains(got.raw, "fits 2 people") {
			t.Errorf("it does not say how many: %s", got.raw)
		}
	}
	filter["fqdn"] = "pc-1.contoso.example"
	if got := admin.call(http.MethodPost, apiAuth+"/delete", object{"filter": filter}).wants(http.StatusOK); got.number("deleted") != 1 {
		t.Errorf("narrowed: %s", got.raw)
	}
}
