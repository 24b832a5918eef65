package demo_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"testing"
	"time"

	"muster/internal/dev/demo"
	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
	"muster/models/verdict"
	"muster/tokens"
)

func open(t *testing.T) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), storetest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func seed(ctx context.Context, db *store.Store, now time.Time) (bool, error) {
	return seedOn(ctx, db, now, func(s *tokens.Service) demo.Service { return s })
}

func seedOn(ctx context.Context, db *store.Store, now time.Time, as func(*tokens.Service) demo.Service) (bool, error) {
	visitor := models.VerifiedIdentity{Issuer: "http://127.0.0.1:8080/realms/muster", Subject: "emily", Email: "user@muster.example"}
	return demo.Seed(ctx, db, now, visitor, func(clock func() time.Time) (demo.Service, error) {
		service, err := tokens.New(db, tokens.Config{
			Issuer: "http://127.0.0.1:8080", AccessTokenTTL: 15 * time.Minute, RefreshIdle: 90 * 24 * time.Hour,
			MaxTokenLifetime: demo.MaxTokenLifetime, MasterKey: bytes.Repeat([]byte{1}, 32),
			Now: clock, Random: rand.Reader,
		})
		return as(service), err
	})
}

// slow needs several answers before it can tell.
type slow struct {
	*tokens.Service
	answers int
}

func (s *slow) AskRequest(ctx context.Context, actor models.Actor, asked models.NewRequest) (*models.Request, error) {
	if s.answers++; s.answers%4 != 0 {
		return nil, models.Unavailable(models.ErrDeskBuilding)
	}
	return s.Service.AskRequest(ctx, actor, asked)
}

func TestSeed_WaitsForTheDesk(t *testing.T) {
	t.Parallel()
	db, now := open(t), time.Date(2026, 11, 23, 23, 50, 0, 0, time.UTC)
	added, err := seedOn(t.Context(), db, now, func(s *tokens.Service) demo.Service { return &slow{Service: s} })
	if err != nil || !added {
		t.Fatalf("Seed: %v, %v", added, err)
	}
	requests, err := db.Requests(t.Context(), models.RequestFilter{}, models.PageRequest{Size: 10}, now)
	if err != nil || len(requests.Items) < 3 {
		t.Errorf("%d requests, %v", len(requests.Items), err)
	}
}

func TestSeed_EveryStateAndBooksThatFit(t *testing.T) {
	t.Parallel()
	// A Sunday just after midnight, and a weekday: the story fits both.
	for _, now := range []time.Time{
		time.Date(2026, 3, 1, 0, 1, 2, 3, time.UTC),
		time.Date(2026, 11, 23, 23, 50, 0, 0, time.UTC),
	} {
		t.Run(now.Format(time.DateTime), func(t *testing.T) {
			t.Parallel()
			db, ctx := open(t), t.Context()
			added, err := seed(ctx, db, now)
			if err != nil || !added {
				t.Fatalf("Seed: %v, %v", added, err)
			}
			if findings, err := db.Check(ctx); err != nil || len(findings) > 0 {
				t.Fatalf("the books do not fit: %v, %v", findings, err)
			}
			counts, err := db.RegistrationTokenStatusCounts(ctx, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, status := range models.Statuses {
				if counts[status] == 0 {
					t.Errorf("no registration token is %s", status)
				}
			}
			for _, state := range models.AuthTokenStates {
				page, err := db.AuthTokens(ctx, models.AuthTokenFilter{State: state}, models.PageRequest{Size: 1}, now)
				if err != nil || len(page.Items) == 0 {
					t.Errorf("no auth token is %s (%v)", state, err)
				}
			}
			page, err := db.RegistrationTokens(ctx, models.RegistrationTokenFilter{}, models.PageRequest{Size: 100}, now)
			if err != nil {
				t.Fatal(err)
			}
			used, refused := 0, 0
			for _, token := range page.Items {
				used += token.UsedCount
				refused += token.RefusedCount
				if token.CreatedAt.After(now) {
					t.Errorf("%s is made in the future", token.Identifier)
				}
			}
			if open, err := db.OpenRequests(ctx, now); err != nil || open != 2 {
				t.Errorf("%d requests are open, %v", open, err)
			}
			found := map[models.FindingKind]bool{}
			for i := range page.Items {
				evidence, err := db.Evidence(ctx, page.Items[i].ID)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range verdict.Judge(models.DefaultVerdictRules(), &page.Items[i], evidence, now).Findings {
					found[f.Kind] = true
				}
			}
			for _, kind := range []models.FindingKind{
				models.FindingRetryLoop, models.FindingAutomation, models.FindingStrangers, models.FindingUnusedSeats,
				models.FindingNotGivenBack, models.FindingTooSmall, models.FindingNearlyUsedUp, models.FindingInOrder,
			} {
				if !found[kind] {
					t.Errorf("no verdict finds %s", kind)
				}
			}
			if len(page.Items) < 12 || used < 400 || refused < 10 {
				t.Errorf("%d tokens, %d used, %d refused: too little to look at", len(page.Items), used, refused)
			}
		})
	}
}

func TestSeed_TwiceAddsNothing(t *testing.T) {
	t.Parallel()
	db, now := open(t), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if _, err := seed(t.Context(), db, now); err != nil {
		t.Fatal(err)
	}
	count := func() int {
		page, err := db.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{Size: 500}, now)
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	before := count()
	added, err := seed(t.Context(), db, now.Add(time.Hour))
	if err != nil || added || count() != before {
		t.Errorf("the second time: added %v, %d tokens after %d (%v)", added, count(), before, err)
	}
}
