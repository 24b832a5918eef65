package store_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// scanned is a step of a plan that reads a whole table or a whole index of it.
var scanned = regexp.MustCompile(`SCAN (registration_tokens|auth_tokens|desk_uses|desk_sightings|desk_names|desk_words|search_words|alike|kept|mine|mine_now|other|known|x|o|redemptions|reclaims|refused_attempts|notes|audit_events|expectations)\b`)

// The desk looks into installations of millions: none of its checkQueries reads
// a table, or an index, from end to end.
func TestDesk_NeverScans(t *testing.T) {
	t.Parallel()
	known(t, neverScans)
}

func neverScans(t *testing.T, url string) {
	t.Helper()
	var log lockedBuffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := storetest.Open(t, url, store.WithLogger(logger))
	asked := 0
	for name, ask := range deskQuestions(t, s) {
		log.Reset()
		if err := ask(); err != nil && models.ErrorKind(err) != models.KindNotFound {
			t.Fatalf("%s: %v", name, err)
		}
		for _, statement := range selects(t, log.String()) {
			asked++
			if plan := queryPlan(t, s, statement); scanned.MatchString(plan) {
				t.Errorf("%s: %s\nis planned as %s", name, statement, plan)
			}
		}
	}
	if asked < len(deskQuestions(t, s)) {
		t.Errorf("only %d statements were looked at", asked)
	}
}

// deskQuestions are the reads of the desk's pages and searches.
func deskQuestions(t *testing.T, s *store.Store) map[string]func() error {
	t.Helper()
	ctx, page := t.Context(), models.PageRequest{Size: 15}
	listed := listedToken(t, s)
	checkQueries := map[string]func() error{
		"registration token": func() error { _, err := s.RegistrationToken(ctx, "t"); return err },
		"auth token":         func() error { _, err := s.AuthToken(ctx, "a"); return err },
		"redemption":         func() error { _, err := s.Redemption(ctx, "r"); return err },
		"support code":       func() error { _, err := s.RefusedAttemptByCode(ctx, "c"); return err },
		"uses":               func() error { _, err := s.TokenUses(ctx, "t", page); return err },
		"turned away": func() error {
			_, err := s.RefusedAttempts(ctx, models.RefusedAttemptFilter{RegistrationTokenID: "t"}, page)
			return err
		},
		"would be let in": func() error {
			_, err := s.Judge(ctx, listed, models.Presented{Claimed: models.ClaimedIdentity{SystemUserName: `CONTOSO\ana`, FQDN: "pc.example"}})
			return err
		},
		"how the list stands": func() error { _, err := s.ExpectationCounts(ctx, "t", day); return err },
		"the expected list":   func() error { _, err := s.ExpectedList(ctx, "t"); return err },
		"who is unexpected": func() error {
			_, err := s.AuthTokens(ctx, models.AuthTokenFilter{RegistrationTokenID: "t", Lens: models.LensUnexpected}, page, day)
			return err
		},
		"burn-down": func() error { _, err := s.BurnDown(ctx, "t"); return err },
		"changes": func() error {
			_, err := s.AuditEvents(ctx, models.AuditFilter{ObjectKind: "registration_token", ObjectID: "t", Actions: models.AuditActions[:3]}, page)
			return err
		},
	}
	for _, state := range []models.ExpectationState{models.ExpectationArrived, models.ExpectationMissing} {
		for _, masked := range []bool{false, true} {
			filter := models.ExpectationFilter{RegistrationTokenID: "t", State: state, AsMasked: masked}
			checkQueries[fmt.Sprintf("who is %s, masked %t", state, masked)] = func() error { _, err := s.Expectations(ctx, filter, page); return err }
		}
	}
	for _, by := range models.Facets {
		like := models.Like{Facet: by, AuthTokenID: "a"}
		checkQueries["uses by "+string(by)] = func() error {
			_, err := s.UseGroups(ctx, models.AuthTokenFilter{RegistrationTokenID: "t"}, by, page, day)
			return err
		}
		checkQueries["uses of a stretch by "+string(by)] = func() error {
			_, err := s.UseGroups(ctx, models.AuthTokenFilter{RegistrationTokenID: "t", From: day, To: day}, by, page, day)
			return err
		}
		checkQueries["uses of the same "+string(by)] = func() error {
			_, err := s.SelectedUses(ctx, models.AuthTokenFilter{RegistrationTokenID: "t", Like: like}, page, day)
			return err
		}
	}
	deletions := map[string]models.AuthTokenFilter{"a customer's": {CustomerID: "c"}, "a customer's live": {CustomerID: "c", State: models.AuthTokenLive}}
	for _, lens := range models.AuthTokenLenses {
		deletions["all "+string(lens)] = models.AuthTokenFilter{Lens: lens}
	}
	for name, filter := range map[string]models.AuthTokenFilter{
		"of a stretch": {From: day, To: day}, "in surplus": {Lens: models.LensSurplus}, "silent": {Lens: models.LensSilent}, "never refreshed": {Lens: models.LensNeverRefreshed},
		"several on one device": {Lens: models.LensSharedDevice},
	} {
		filter.RegistrationTokenID = "t"
		checkQueries["uses "+name] = func() error { _, err := s.SelectedUses(ctx, filter, page, day); return err }
		deletions["uses "+name] = filter
	}
	for name, filter := range deletions {
		for _, dryRun := range []bool{false, true} {
			checkQueries[fmt.Sprintf("deletion of %s, dry run %t", name, dryRun)] = func() error {
				d := models.AuthTokenDeletion{Filter: filter, ReturnCount: true, DryRun: dryRun}
				_, _, err := s.DeleteAuthTokens(ctx, d, day, "", models.AuditEvent{})
				return err
			}
		}
	}
	every := []models.SearchField{
		models.SearchID, models.SearchPerson, models.SearchHost, models.SearchEmail, models.SearchMAC, models.SearchIP, models.SearchLabel,
		models.SearchReference1, models.SearchReference2,
	}
	for name, q := range map[string]models.Search{
		"every field": {Fields: every, Text: "005300aabbcc"}, "a word": {ByWords: true, Text: "listed"}, "several": {ByWords: true, Text: "listed words"},
		"a beginning": {ByWords: true, Begun: true, Text: "listed wo"}, "a network": {Network: netip.MustParsePrefix("10.0.0.0/8")},
	} {
		for _, masked := range []bool{false, true} {
			q.AsMasked, q.Limit = masked, 15
			checkQueries[fmt.Sprintf("search by %s, masked %t", name, masked)] = func() error {
				_, err := s.SearchAuthTokens(ctx, q)
				_, err2 := s.SearchRefusedAttempts(ctx, q)
				_, err3 := s.SearchRegistrationTokens(ctx, q)
				_, err4 := s.SearchNotes(ctx, q)
				return cmp.Or(err, err2, err3, err4)
			}
		}
	}
	return checkQueries
}

// listedToken makes a registration token with an expected list, once.
func listedToken(t *testing.T, s *store.Store) string {
	t.Helper()
	const id = "listed"
	if _, err := s.RegistrationToken(t.Context(), id); err == nil {
		return id
	}
	token := &models.RegistrationToken{
		ID: id, CustomerID: models.DefaultCustomerID, SecretDigest: make([]byte, 32), Count: 1, ExpiresAt: day, CreatedAt: day, UpdatedAt: day,
		Admission: models.Admission{ExpectedCount: 1},
	}
	expected := models.Expectation{ID: "expected", RegistrationTokenID: id, Kind: models.ExpectPerson, Pattern: "bob", Folded: "bob", CreatedAt: day}
	event := models.AuditEvent{ID: "listed", OccurredAt: day, Action: models.AuditRegistrationTokenCreated}
	if err := s.CreateRegistrationToken(t.Context(), token, event, expected); err != nil {
		t.Fatal(err)
	}
	return id
}

// selects are the logged statements that read.
func selects(t *testing.T, lines string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(lines) {
		var entry struct{ Statement string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(entry.Statement, "SELECT") || strings.HasPrefix(entry.Statement, "WITH") {
			all = append(all, entry.Statement)
		}
	}
	return all
}
