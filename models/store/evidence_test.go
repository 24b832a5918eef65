package store_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"muster/internal/test/histories"
	"muster/models"
	"muster/models/store"
	"muster/models/verdict"
)

func TestEvidence_WhatIsRememberedIsWhatIsThere(t *testing.T) {
	t.Parallel()
	both(t, remembersRight)
}

// remembersRight changes anything about a registration token, and judges it each
// time by what is remembered and by what is read afresh.
func remembersRight(t *testing.T, s *store.Store) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	h := &histories.History{Name: "changing", Count: 1000, Looked: 40 * 24 * time.Hour, Expires: 90 * 24 * time.Hour}
	h.Staff(20, time.Hour)
	if err := storeHistory(t, s, h, "big", start); err != nil {
		t.Fatal(err)
	}
	now, n := start.Add(h.Looked), 20
	redeem := func() {
		n++
		auth, redemption := fmt.Sprintf("big-auth-%06d", n), fmt.Sprintf("big-use-%06d", n)
		claimed := models.ClaimedIdentity{
			SystemUserName: fmt.Sprintf("person%d", r.IntN(25)), FQDN: fmt.Sprintf("lt-%03d.emea.contoso.example", r.IntN(25)),
		}
		if r.IntN(3) == 0 {
			claimed.SystemUserName = `CONTOSO\` + claimed.SystemUserName
			claimed.MACAddress = fmt.Sprintf("00:53:00:00:00:%02x", r.IntN(25))
		}
		rows := []models.Redemption{{
			ID: redemption, RegistrationTokenID: "big-token-000000", UseNumber: n, AuthTokenID: auth, RedeemedAt: now,
			ClaimedIdentity: claimed, IP: "10.20.5.7", Channel: models.ChannelREST,
		}}
		tokens := []models.AuthToken{{
			ID: auth, RegistrationTokenID: "big-token-000000", RedemptionID: redemption, CustomerID: "big", ClaimedIdentity: claimed, IP: "10.20.5.7",
			CreatedAt: now, LastSeenAt: now, Generation: 1, IdleExpiresAt: now.Add(histories.RefreshIdle),
			FamilyDigest: sum("family " + auth), RefreshDigest: sum("refresh " + auth),
		}}
		if err := s.Insert(t.Context(), &rows, &tokens); err != nil {
			t.Fatal(err)
		}
	}
	one := func() string { return fmt.Sprintf("big-auth-%06d", 1+r.IntN(n)) }
	exec := func(statement string, args ...any) {
		if err := s.Exec(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	for step := range 150 {
		now = now.Add(time.Duration(r.IntN(600)) * time.Minute)
		switch r.IntN(6) {
		case 0, 1:
			redeem()
		case 2:
			exec("UPDATE auth_tokens SET generation = generation + 1, last_seen_at = ?, idle_expires_at = ? WHERE id = ? AND deleted_at IS NULL", now, now.Add(histories.RefreshIdle), one())
		case 3:
			exec("UPDATE auth_tokens SET deleted_at = ?, count_reclaimed = ? WHERE id = ? AND deleted_at IS NULL", now, r.IntN(2) == 0, one())
		case 4:
			exec("UPDATE auth_tokens SET ended_at = ? WHERE id = ? AND deleted_at IS NULL", now, one())
		case 5:
			token := "big-token-000000"
			refused := []models.RefusedAttempt{{
				ID: fmt.Sprintf("refused-%06d", step), SupportCode: fmt.Sprintf("code-%06d", step), RegistrationTokenID: &token, AttemptedAt: now,
				Reason: models.CodeRegistrationTokenExhausted, ClaimedIdentity: models.ClaimedIdentity{SystemUserName: fmt.Sprintf("person%d", r.IntN(40))},
			}}
			if err := s.Insert(t.Context(), &refused); err != nil {
				t.Fatal(err)
			}
		}
		if r.IntN(3) == 0 {
			continue // several changes at once
		}
		token, err := s.RegistrationToken(t.Context(), "big-token-000000")
		if err != nil {
			t.Fatal(err)
		}
		remembered, err := s.Evidence(t.Context(), token.ID)
		if err != nil {
			t.Fatal(err)
		}
		afresh, err := s.EvidenceAfresh(t.Context(), token.ID)
		if err != nil {
			t.Fatal(err)
		}
		got := verdict.Judge(models.DefaultVerdictRules(), token, remembered, now)
		want := verdict.Judge(models.DefaultVerdictRules(), token, afresh, now)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("seed %d, step %d: by what is remembered %+v, afresh %+v", seed, step, got, want)
		}
		if again, err := s.Evidence(t.Context(), token.ID); err != nil || again != remembered {
			t.Fatalf("step %d: nothing changed, and it was read again: %v", step, err)
		}
	}
}
