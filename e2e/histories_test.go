package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/lists"
	"muster/models/store"
	"muster/models/verdict"
	"muster/tokens"
)

// playedHistory is a history with what a caller tells the helpdesk.
type playedHistory struct {
	*histories.History
	id     string
	secret models.Secret
	// supportCode is that of the last refusal; empty when nobody was refused.
	supportCode string
}

// playHistories plays histories into the database of a program that has not been
// started, through the real token service, so that each ends now, and judges them.
func playHistories(t *testing.T, p *program, all []*histories.History) []*playedHistory {
	t.Helper()
	ctx, masterKey := t.Context(), bytes.Repeat([]byte{7}, 32)
	p.env = append(p.env, "MUSTER_MASTER_KEY="+base64.StdEncoding.EncodeToString(masterKey))
	data := filepath.Join(p.dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, "sqlite://"+filepath.Join(data, "muster.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	var clock time.Time
	service, err := tokens.New(db, tokens.Config{
		Issuer: p.base, AccessTokenTTL: 15 * time.Minute, RefreshIdle: histories.RefreshIdle, MaxTokenLifetime: 366 * 24 * time.Hour,
		MasterKey: masterKey, Now: func() time.Time { return clock }, Random: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Truncate(time.Second)
	var played []*playedHistory
	for _, h := range all {
		start := now.Add(-h.Looked)
		clock = start
		p := playHistory(t, service, h, start, &clock)
		played = append(played, p)
		token, err := db.RegistrationToken(ctx, p.id)
		if err != nil {
			t.Fatal(err)
		}
		evidence, err := db.Evidence(ctx, p.id)
		if err != nil {
			t.Fatal(err)
		}
		v := verdict.Judge(models.DefaultVerdictRules(), token, evidence, now)
		for _, problem := range h.Check(token, &v) {
			t.Errorf("%s: %s", h.Name, problem)
		}
	}
	if findings, err := db.Check(ctx); err != nil || len(findings) > 0 {
		t.Fatalf("the books do not fit: %v, %v", findings, err)
	}
	return played
}

var vera = models.Actor{
	Kind: models.ActorPerson, ID: "https://login.contoso.example vera", Name: "Vera Admin",
	Role: models.RoleAdmin, Permissions: models.RoleAdmin.Permissions(),
}

func playHistory(t *testing.T, service *tokens.Service, h *histories.History, start time.Time, clock *time.Time) *playedHistory {
	t.Helper()
	ctx, expires, enabled := t.Context(), start.Add(h.Expires), false
	token, secret, err := service.CreateRegistrationToken(ctx, vera, models.RegistrationTokenSettings{Identifier: &h.Name, Count: &h.Count, ExpiresAt: &expires})
	if err != nil {
		t.Fatal(err)
	}
	if h.Expected != "" {
		_, err := service.SetAdmission(ctx, vera, token.ID, models.AdmissionSettings{Mode: models.ListReplace, Entries: lists.ReadExpected(h.Expected, lists.Choices{}).Entries})
		if err != nil {
			t.Fatal(err)
		}
	}
	played := &playedHistory{History: h, id: token.ID, secret: secret}
	first, newest := map[*histories.Use]*tokens.IssuedAuthToken{}, map[*histories.Use]*tokens.IssuedSecrets{}
	for _, e := range h.InOrder() {
		*clock = start.Add(e.After)
		origin := models.Origin{UserAgent: "licensed-app/1.0", Channel: models.ChannelREST, RequestID: "history"}
		if e.Use != nil {
			origin.IP = e.Use.IP
		}
		switch e.Kind {
		case histories.Redeemed:
			if first[e.Use], err = service.Redeem(ctx, tokens.RedeemRequest{Secret: secret, Claimed: e.Use.Claimed, Verified: e.Use.Verified, Origin: origin}); err == nil {
				newest[e.Use] = &first[e.Use].IssuedSecrets
			}
		case histories.TurnedAway:
			_, err = service.Redeem(ctx, tokens.RedeemRequest{Secret: secret, Claimed: e.Use.Claimed, Verified: e.Use.Verified, Origin: origin})
			refusal, ok := errors.AsType[*models.Error](err)
			if !ok || refusal.Code != models.CodeRegistrationTokenExhausted {
				t.Fatalf("%s: turned away with %v", h.Name, err)
			}
			played.supportCode, err = refusal.SupportCode, nil
		case histories.Refreshed:
			newest[e.Use], err = service.Refresh(ctx, newest[e.Use].RefreshToken, origin)
		case histories.Ended:
			if _, err = service.Refresh(ctx, first[e.Use].RefreshToken, origin); models.ErrorCode(err) == models.CodeRefreshTokenReused {
				err = nil
			}
		case histories.Deleted, histories.GivenBack:
			err = service.DeleteAuthToken(ctx, vera, first[e.Use].AuthToken.ID, "the laptop is new", e.Kind == histories.GivenBack)
		case histories.Disabled:
			_, err = service.UpdateRegistrationToken(ctx, vera, token.ID, models.RegistrationTokenSettings{Enabled: &enabled, Reason: "The contract is not signed."})
		case histories.Replaced:
			_, _, err = service.ReplaceRegistrationToken(ctx, vera, token.ID, models.RegistrationTokenSettings{})
		case histories.Withdrawn:
			_, err = service.DeleteRegistrationToken(ctx, vera, token.ID, models.RegistrationTokenDeletion{})
		}
		if err != nil {
			t.Fatalf("%s, after %s: %v", h.Name, e.After, err)
		}
	}
	return played
}

// findingWords is what the page of a registration token says about what its verdict
// finds first, and where.
var findingWords = map[models.FindingKind]struct{ selector, words string }{
	models.FindingTooSmall:          {".verdict li", "Too small for its audience."},
	models.FindingRetryLoop:         {".verdict li", "A retry loop."},
	models.FindingSeveralPerDevice:  {".verdict li", "Several on one device."},
	models.FindingSeveralPerPerson:  {".verdict li", "Several of one person."},
	models.FindingStrangers:         {".verdict li", "Strangers."},
	models.FindingBurst:             {".verdict li", "A burst, as after a leak."},
	models.FindingAutomation:        {".verdict li", "Automation."},
	models.FindingUnusedSeats:       {".verdict li", "Unused seats."},
	models.FindingNotGivenBack:      {".verdict li", "Not given back."},
	models.FindingIndistinguishable: {".verdict li", "Indistinguishable."},
	models.FindingExpiring:          {".verdict li", "Expires soon."},
	models.FindingNearlyUsedUp:      {".verdict li", "Nearly used up."},
	models.FindingExpired:           {".reason", "Expired on"},
	models.FindingDisabled:          {".reason", "The contract is not signed."},
	models.FindingReplaced:          {".reason", "Replaced on"},
	models.FindingDeleted:           {".reason", "Deleted on"},
	models.FindingInOrder:           {".verdict-calm", "In order."},
}

// mostClicks bounds the clicks from the search box to the cause.
const mostClicks = 3

// TestHistories_TheHelpdeskFindsTheCause: a helpdesk person who knows the name of a
// registration token, or the support code that a caller reads out, finds out what
// used the counts: once for each kind of finding that a history begins with.
func TestHistories_TheHelpdeskFindsTheCause(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	played := playHistories(t, p, histories.All())
	p.start()
	t.Cleanup(p.stop)
	b := newBrowser(t, p.base, desktop)
	b.allow("htmx:sendAbort", "htmx:afterRequest")
	b.logIn("helpdesk")
	searched := map[string]bool{}
	for _, h := range played {
		kind, _, _ := strings.Cut(h.Truth.Findings[0], " ")
		if searched[kind] {
			continue
		}
		searched[kind] = true
		want := findingWords[models.FindingKind(kind)]
		clicks := b.searchFor(h.Name)
		if strings.HasPrefix(b.where(), p.base+"/admin/investigate?") { // another one is called the same, or has these words
			b.click(`a[href="/admin/registration-tokens/` + h.id + `"]`)
			b.is(`location.pathname.startsWith("/admin/registration-tokens/")`)
			clicks++
		}
		if where := strings.TrimPrefix(b.where(), p.base); where != "/admin/registration-tokens/"+h.id {
			t.Fatalf("%s: the search leads to %s", h.Name, where)
		}
		b.see(want.selector, want.words)
		if clicks > mostClicks {
			t.Errorf("%s: %d clicks by name", h.Name, clicks)
		}
		if h.supportCode == "" {
			continue
		}
		clicks = b.searchFor(h.supportCode)
		b.see("#attempt-title", h.supportCode)
		b.press(h.Name)
		b.see(want.selector, want.words)
		if clicks++; clicks > mostClicks {
			t.Errorf("%s: %d clicks by support code", h.Name, clicks)
		}
	}
}

// searchFor types into the search box of whatever page it is on, and returns
// how many clicks that took.
func (b *browser) searchFor(text string) int {
	b.tb.Helper()
	b.open("/admin")
	b.keys("/")
	b.is(`document.activeElement.id === "find"`)
	b.run(chromedp.Evaluate(`document.activeElement.select(); 0`, nil))
	b.keys(text + kb.Enter)
	b.is(`location.pathname !== "/admin"`)
	return 1
}
