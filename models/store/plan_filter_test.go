package store_test

import (
	"log/slog"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// An exact filter is looked up in an index of its own, a first page walks the
// index of its order until it is full, and a later page enters that index
// where the one before ended: never a walk over the table.
func TestLists_NeverWalkTheTable(t *testing.T) {
	t.Parallel()
	known(t, neverWalkTheTable)
}

func neverWalkTheTable(t *testing.T, url string) {
	t.Helper()
	var log lockedBuffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := storetest.Open(t, url, store.WithLogger(logger))
	ctx := t.Context()
	registrationTokens := func(f models.RegistrationTokenFilter) func() error {
		return func() error { _, err := s.RegistrationTokens(ctx, f, models.PageRequest{}, day); return err }
	}
	authTokens := func(f models.AuthTokenFilter) func() error {
		return func() error { _, err := s.AuthTokens(ctx, f, models.PageRequest{}, day); return err }
	}
	const (
		walk   = "SCAN registration_tokens USING INDEX registration_tokens_created"
		search = "SEARCH registration_tokens USING INDEX registration_tokens_"
		values = "SEARCH search_words USING PRIMARY KEY (kind=? AND form=? AND word=?)"
	)
	for name, l := range map[string]struct {
		call func() error
		want string
	}{
		"registration tokens":                  {registrationTokens(models.RegistrationTokenFilter{}), walk},
		"registration tokens of an identifier": {registrationTokens(models.RegistrationTokenFilter{Identifier: "i"}), values},
		"registration tokens of a ref 1":       {registrationTokens(models.RegistrationTokenFilter{RefID1: "r"}), values},
		"registration tokens of a ref 2":       {registrationTokens(models.RegistrationTokenFilter{RefID2: "r"}), values},
		"registration tokens of a customer":    {registrationTokens(models.RegistrationTokenFilter{CustomerID: "c"}), search + "customer"},
		"auth tokens":                          {authTokens(models.AuthTokenFilter{}), "SCAN auth_tokens USING INDEX auth_tokens_created"},
		"auth tokens of a user":                {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "u"}}), "SEARCH desk_uses USING INDEX desk_uses_of_user (version=? AND system_user_name=?)"},
		"auth tokens of a host":                {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{FQDN: "h"}}), "SEARCH desk_uses USING INDEX desk_uses_of_host (version=? AND fqdn=?)"},
		"auth tokens of a MAC":                 {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{MACAddress: "m"}}), "SEARCH desk_uses USING INDEX desk_uses_mac_address (version=? AND mac_address=?)"},
		"auth tokens of an identifier":         {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{Identifier: "i"}}), "SEARCH desk_uses USING INDEX desk_uses_identifier (version=? AND identifier=?)"},
		"auth tokens of a ref 1":               {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{RefID1: "r"}}), "SEARCH desk_uses USING INDEX desk_uses_ref_id_1 (version=? AND ref_id_1=?)"},
		"auth tokens of a ref 2":               {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{RefID2: "r"}}), "SEARCH desk_uses USING INDEX desk_uses_ref_id_2 (version=? AND ref_id_2=?)"},
		"auth tokens of an address":            {authTokens(models.AuthTokenFilter{IP: "i"}), "SEARCH desk_uses USING INDEX desk_uses_ip (version=? AND ip=?)"},
		"auth tokens of a registration token": {
			authTokens(models.AuthTokenFilter{RegistrationTokenID: "t"}), "SEARCH auth_tokens USING INDEX auth_tokens_registration_token",
		},
		"auth tokens of a person": {
			authTokens(models.AuthTokenFilter{Owner: &models.VerifiedIdentity{Issuer: "i", Subject: "s"}}), "SEARCH auth_tokens USING INDEX auth_tokens_verified (verified_subject=? AND verified_issuer=?)",
		},
		"unexpected auth tokens": {authTokens(models.AuthTokenFilter{Lens: models.LensUnexpected}), "SEARCH desk_uses USING INDEX desk_uses_unexpected (version=?)"},
		"unexpected of a registration token": {
			authTokens(models.AuthTokenFilter{Lens: models.LensUnexpected, RegistrationTokenID: "t"}),
			"SEARCH desk_uses USING INDEX desk_uses_unexpected_of (version=? AND registration_token_id=?)",
		},
		"several on one device": {authTokens(models.AuthTokenFilter{Lens: models.LensSharedDevice}), "SEARCH desk_uses USING INDEX desk_uses_device_several (version=?)"},
		"several of one person": {authTokens(models.AuthTokenFilter{Lens: models.LensSharedPerson}), "SEARCH desk_uses USING INDEX desk_uses_person_several (version=?)"},
		"audit events of people": {
			func() error {
				_, err := s.AuditEvents(ctx, models.AuditFilter{ActorKind: models.ActorPerson}, models.PageRequest{})
				return err
			}, "SEARCH audit_events USING INDEX audit_events_actor_kind",
		},
		"audit events of a period": {
			func() error {
				_, err := s.AuditEvents(ctx, models.AuditFilter{From: &day}, models.PageRequest{})
				return err
			}, "SEARCH audit_events USING INDEX audit_events_occurred (occurred_at>?)",
		},
		"auth tokens of a customer": {authTokens(models.AuthTokenFilter{CustomerID: "c"}), "SEARCH desk_uses USING INDEX desk_uses_customer (version=? AND customer_id=?)"},
	} {
		log.Reset()
		if err := l.call(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if plan := queryPlan(t, s, logged(t, log.String())); !strings.Contains(plan, l.want) {
			t.Errorf("%s: planned as %s, want %s", name, plan, l.want)
		}
	}
}

// The statement of a later page is that of the first with the place to go on
// from.
func TestLists_EnterTheIndexWhereTheLastPageEnded(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	for _, table := range []string{"registration_tokens", "auth_tokens"} {
		plan := queryPlan(t, s, "SELECT * FROM "+table+
			" WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT 51")
		want := "SEARCH " + table + " USING INDEX " + table + "_created ((created_at,id)<(?,?))"
		if !strings.Contains(plan, want) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("planned as %s, want %s", plan, want)
		}
	}
}
