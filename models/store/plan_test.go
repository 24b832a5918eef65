package store_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// Each sort and filter of a list is answered in the order of an index, without
// sorting the rows first.
func TestLists_ComeInTheOrderOfAnIndex(t *testing.T) {
	t.Parallel()
	known(t, comeInTheOrderOfAnIndex)
}

func comeInTheOrderOfAnIndex(t *testing.T, url string) {
	t.Helper()
	var log lockedBuffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := storetest.Open(t, url, store.WithLogger(logger))
	ctx := t.Context()
	type list struct {
		call  func(page models.PageRequest) error
		sorts []string
	}
	registrationTokens := func(f models.RegistrationTokenFilter) func(models.PageRequest) error {
		return func(p models.PageRequest) error { _, err := s.RegistrationTokens(ctx, f, p, day); return err }
	}
	authTokens := func(f models.AuthTokenFilter) func(models.PageRequest) error {
		return func(p models.PageRequest) error { _, err := s.AuthTokens(ctx, f, p, day); return err }
	}
	auditEvents := func(f models.AuditFilter) func(models.PageRequest) error {
		return func(p models.PageRequest) error { _, err := s.AuditEvents(ctx, f, p); return err }
	}
	refused := func(f models.RefusedAttemptFilter) func(models.PageRequest) error {
		return func(p models.PageRequest) error { _, err := s.RefusedAttempts(ctx, f, p); return err }
	}
	newest := []string{""}
	for name, l := range map[string]list{
		"registration tokens": {
			registrationTokens(models.RegistrationTokenFilter{}),
			[]string{"", "identifier", "count", "remainingCount", "expirationDate", "lastRedeemedAt", "createdAt", "updatedAt"},
		},
		"registration tokens of a customer": {registrationTokens(models.RegistrationTokenFilter{CustomerID: "c"}), newest},
		"auth tokens": {
			authTokens(models.AuthTokenFilter{}), []string{"", "creationDate", "lastSeenAt", "systemUserName", "fqdn"},
		},
		"silent auth tokens":          {authTokens(models.AuthTokenFilter{Lens: models.LensSilent}), []string{"lastSeenAt"}},
		"auth tokens never refreshed": {authTokens(models.AuthTokenFilter{Lens: models.LensNeverRefreshed}), newest},
		"auth tokens of a token":      {authTokens(models.AuthTokenFilter{RegistrationTokenID: "t"}), newest},
		"unexpected auth tokens":      {authTokens(models.AuthTokenFilter{Lens: models.LensUnexpected}), newest},
		"unexpected of a token": {
			authTokens(models.AuthTokenFilter{Lens: models.LensUnexpected, RegistrationTokenID: "t"}), newest,
		},
		"who arrived": {
			func(p models.PageRequest) error {
				_, err := s.Expectations(ctx, models.ExpectationFilter{RegistrationTokenID: "t", State: models.ExpectationArrived}, p)
				return err
			}, newest,
		},
		"who is missing": {
			func(p models.PageRequest) error {
				_, err := s.Expectations(ctx, models.ExpectationFilter{RegistrationTokenID: "t", State: models.ExpectationMissing}, p)
				return err
			}, newest,
		},
		"auth tokens of an address":   {authTokens(models.AuthTokenFilter{IP: "i"}), newest},
		"auth tokens of a MAC":        {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{MACAddress: "m"}}), newest},
		"auth tokens of a identifier": {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{Identifier: "i"}}), newest},
		"auth tokens of a ref 1":      {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{RefID1: "r"}}), newest},
		"auth tokens of a ref 2":      {authTokens(models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{RefID2: "r"}}), newest},
		"auth tokens of a customer":   {authTokens(models.AuthTokenFilter{CustomerID: "c"}), newest},
		"auth tokens deleted":         {authTokens(models.AuthTokenFilter{State: models.AuthTokenDeleted}), newest},
		"auth tokens ended":           {authTokens(models.AuthTokenFilter{State: models.AuthTokenEnded}), newest},
		"audit events":                {auditEvents(models.AuditFilter{}), []string{"", "occurredAt"}},
		"requests": {
			func(p models.PageRequest) error {
				_, err := s.Requests(ctx, models.RequestFilter{}, p, day)
				return err
			},
			[]string{"", "createdAt"},
		},
		"audit events of an object":   {auditEvents(models.AuditFilter{ObjectKind: "k", ObjectID: "o"}), newest},
		"audit events of an actor":    {auditEvents(models.AuditFilter{ActorID: "a"}), newest},
		"audit events of an action":   {auditEvents(models.AuditFilter{Action: "a"}), newest},
		"audit events of people":      {auditEvents(models.AuditFilter{ActorKind: models.ActorPerson}), newest},
		"audit events of devices":     {auditEvents(models.AuditFilter{ActorKind: models.ActorDevice}), newest},
		"audit events of a period":    {auditEvents(models.AuditFilter{From: &day, Before: &day}), newest},
		"audit events with a text":    {auditEvents(models.AuditFilter{Search: "s", Actor: "a"}), newest},
		"auth tokens of a person":     {authTokens(models.AuthTokenFilter{Owner: &models.VerifiedIdentity{Issuer: "i", Subject: "s"}}), newest},
		"refused attempts":            {refused(models.RefusedAttemptFilter{}), newest},
		"refused attempts of a token": {refused(models.RefusedAttemptFilter{RegistrationTokenID: "t"}), newest},
		"uses of a token": {
			func(p models.PageRequest) error { _, err := s.TokenUses(ctx, "t", p); return err }, newest,
		},
	} {
		for _, sortBy := range l.sorts {
			log.Reset()
			if err := l.call(models.PageRequest{SortBy: sortBy}); err != nil {
				t.Fatalf("%s by %q: %v", name, sortBy, err)
			}
			// What is joined is at most a page of each part.
			plan := strings.TrimSuffix(queryPlan(t, s, logged(t, log.String())), "; SCAN joined; USE TEMP B-TREE FOR ORDER BY")
			if strings.Contains(plan, "TEMP B-TREE") || !strings.Contains(plan, "INDEX") {
				t.Errorf("%s by %q is planned as %s", name, sortBy, plan)
			}
		}
	}
}

// known runs a test of plans on a SQLite database that knows nothing of its tables, and on
// one that has the statistics of a large one.
func known(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("without statistics", func(t *testing.T) {
		t.Parallel()
		test(t, storetest.SQLite(t))
	})
	t.Run("with statistics", func(t *testing.T) {
		t.Parallel()
		url := storetest.SQLite(t)
		s := storetest.Open(t, url)
		text, err := os.ReadFile("testdata/statistics_sqlite.txt")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Exec(t.Context(), "ANALYZE"); err != nil {
			t.Fatal(err)
		}
		lines := strings.Fields(strings.ReplaceAll(string(text), " ", "_"))
		for _, line := range lines {
			of := strings.Split(line, "|")
			if err := s.Exec(t.Context(), "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", of[0], of[1], strings.ReplaceAll(of[2], "_", " ")); err != nil {
				t.Fatal(err)
			}
		}
		if len(lines) < 20 {
			t.Errorf("only %d statistics", len(lines))
		}
		test(t, url)
	})
}

// logged returns the list's own statement, the last in an order.
func logged(t *testing.T, lines string) string {
	t.Helper()
	statement := ""
	for line := range strings.Lines(lines) {
		var entry struct{ Statement string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(entry.Statement, "ORDER BY") {
			statement = entry.Statement
		}
	}
	if statement == "" {
		t.Fatalf("no list in %s", lines)
	}
	return statement
}

func queryPlan(t *testing.T, s *store.Store, statement string) string {
	t.Helper()
	steps, err := s.Plan(t.Context(), statement)
	if err != nil {
		t.Fatalf("plan %s: %v", statement, err)
	}
	return strings.Join(steps, "; ")
}
