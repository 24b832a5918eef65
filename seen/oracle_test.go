package seen_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/models/mask"
	"muster/models/store"
	"muster/models/store/storetest"
	"muster/seen"
)

var day = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// hidden are values of which a masked viewer sees the same.
type hidden struct{ name, email, ip, ip6 string }

// worlds differ only in what is hidden, but for the last host.
var worlds = []hidden{
	{"anna.weber", "anna.weber@contoso.example", "10.77.3.4", "2001:db8:aa:1::7"},
	{"a.kowalska", "a.kowalska@contoso.example", "10.77.200.9", "2001:db8:bb:2::9"},
}

// fill writes the hidden values wherever somebody may.
func (h hidden) fill(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, n := t.Context(), 0
	event := func(detail string) models.AuditEvent {
		n++
		return models.AuditEvent{ID: fmt.Sprint("event ", n), OccurredAt: day, ActorKind: models.ActorPerson, ActorID: "i " + h.email, ActorName: h.email, Action: models.AuditRedeemed, Detail: detail, IP: h.ip}
	}
	sum := func(text string) []byte { d := sha256.Sum256([]byte(text)); return d[:] }
	claimed := models.ClaimedIdentity{SystemUserName: h.email, FQDN: "ip-" + strings.ReplaceAll(h.ip, ".", "-") + ".contoso.example", Identifier: "seat of " + h.email, RefID1: h.email, RefID2: "at " + h.ip6}
	verified := models.VerifiedIdentity{Issuer: "i", Subject: h.email, Email: h.email}
	token := &models.RegistrationToken{
		ID: "token", CustomerID: models.DefaultCustomerID, Identifier: "Pilot <" + h.email + ">", RefID1: h.email, RefID2: "at " + h.ip, Note: "from " + h.ip6 + " for " + h.email,
		SecretDigest: sum("token"), Count: 9, ExpiresAt: day.Add(time.Hour), CreatedAt: day, UpdatedAt: day,
	}
	attempt := &models.RefusedAttempt{ID: "attempt", SupportCode: "K7Q4-M2QX", RegistrationTokenID: &token.ID, AttemptedAt: day, ClaimedIdentity: claimed, VerifiedIdentity: verified, IP: h.ip}
	note := &models.Note{ID: "note", ObjectKind: models.ObjectRegistrationToken, ObjectID: "token", Text: "calls from " + h.ip, Ticket: "INC " + h.email, CreatedBy: h.email, CreatedAt: day}
	consumption := models.Consumption{
		Redemption: models.Redemption{ID: "redemption", RegistrationTokenID: "token", AuthTokenID: "auth", RedeemedAt: day, ClaimedIdentity: claimed, VerifiedIdentity: verified, IP: h.ip},
		AuthToken: models.AuthToken{
			ID: "auth", RegistrationTokenID: "token", RedemptionID: "redemption", CustomerID: models.DefaultCustomerID, ClaimedIdentity: claimed, VerifiedIdentity: verified, IP: h.ip,
			CreatedAt: day, LastSeenAt: day, Generation: 1, FamilyDigest: sum("family"), RefreshDigest: sum("refresh"), IdleExpiresAt: day.Add(time.Hour),
		},
	}
	if err := s.CreateRegistrationToken(ctx, token, event(`{"to":"`+h.email+`"}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Redeem(ctx, "token", func() models.Consumption { return consumption }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.RecordRefusedAttempt(ctx, attempt, models.RefusedCaps{Total: 9}); err != nil {
		t.Fatal(err)
	}
	if err := s.CreateNote(ctx, note, event("{}")); err != nil {
		t.Fatal(err)
	}
}

// probes are what somebody might type to find out: the values, what they begin with,
// and each of their words and its beginnings, alone and beside what is shown.
func probes() []string {
	all := map[string]bool{}
	for _, h := range worlds {
		for _, value := range []string{h.name, h.email, h.ip, h.ip6, strings.ReplaceAll(h.ip, ".", "-"), "Pilot <" + h.email + ">", "INC " + h.email} {
			for end := 2; end <= len(value); end += 3 {
				all[value[:end]] = true
			}
			all[value] = true
			for _, word := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(".@:-<> ", r) }) {
				for end := range min(len(word), 4) {
					all[word[:end+1]] = true
				}
				all[word], all["contoso "+word] = true, true
			}
			all[strings.ToUpper(value)], all[value[:3]+"\ufe0f"+value[3:]], all["  "+value+"."] = true, true, true
		}
	}
	var list []string
	for probe := range all {
		list = append(list, probe)
	}
	return list
}

// counter tells which audit events a reader wrote.
type counter struct {
	*store.Store
	lookUps int
}

func (c *counter) AppendAudit(_ context.Context, e models.AuditEvent) error {
	if e.Action == models.AuditPersonalDataLookedUp {
		c.lookUps++
	}
	return nil
}

// No search and no filter tells somebody who sees addresses masked more than the page
// does: where an answer depends on what is hidden, a whole value was given, and that
// is counted and audited.
func TestReader_NothingFoundDependsOnWhatIsHidden(t *testing.T) {
	t.Parallel()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) {
		now := day
		var readers []*seen.Reader
		var counters []*counter
		for i, h := range worlds {
			s := storetest.Open(t, []string{databaseURL, storetest.SQLite(t)}[i])
			if strings.HasPrefix(databaseURL, "postgres") && i > 0 {
				s = storetest.Open(t, storetest.Postgres(t))
			}
			h.fill(t, s)
			c := &counter{Store: s}
			counters = append(counters, c)
			readers = append(readers, seen.NewReader(c, make([]byte, 32), models.VerdictRules{}, func() time.Time { return now }))
		}
		asked, found, counted := 0, 0, 0
		for _, q := range questions() {
			for _, probe := range probes() {
				now = now.Add(2 * time.Minute) // so that none is one look-up too many
				var answers [2]string
				for i := range worlds {
					counters[i].lookUps = 0
					answers[i] = q.ask(t, readers[i], probe)
				}
				asked++
				if counters[0].lookUps > 0 {
					counted++
				}
				if answers[0] != answers[1] && counters[0].lookUps == 0 {
					t.Errorf("%s by %q answers %s and %s", q.name, probe, answers[0], answers[1])
				}
				if answers[0] != answers[1] {
					found++
				}
			}
		}
		if asked < 1_000 || found == 0 || counted == 0 {
			t.Errorf("%d questions were asked, %d answers differ, %d look-ups counted: the walk proves nothing", asked, found, counted)
		}
		for network, narrow := range map[string]bool{"10.77.0.0/16": false, "10.0.0.0/8": false, "10.77.3.0/24": true, "2001:db8::/32": false, "2001:db8:aa::/48": true} {
			for i, r := range readers {
				found, err := r.Search(t.Context(), helpdesk(), seen.Search{Network: netip.MustParsePrefix(network), Limit: 9})
				if err != nil || found.TooNarrow != narrow || (found.Number() > 0) != (!narrow && strings.HasPrefix(network, "10.")) {
					t.Errorf("%s in world %d: %+v, %v", network, i, found, err)
				}
			}
		}
	})
}

func helpdesk() seen.Viewer {
	return seen.NewViewer(models.Actor{Kind: models.ActorPerson, ID: "h", Permissions: models.RoleHelpdesk.Permissions()}, "")
}

// textQuestion is a method of the reader with one text of its filter to fill.
type textQuestion struct {
	name   string
	method reflect.Method
	filter int
	field  reflect.StructField
	// criterion, with a text, fills a field of criteria.
	criterion models.Criterion
}

// questions are all of them, those to come included.
func questions() []textQuestion {
	var all []textQuestion
	methods := reflect.TypeFor[*seen.Reader]()
	for i := range methods.NumMethod() {
		method := methods.Method(i)
		for n := range method.Type.NumIn() {
			filter := method.Type.In(n)
			if filter.Kind() != reflect.Struct || !strings.HasSuffix(filter.Name(), "Filter") && filter.Name() != "Search" {
				continue
			}
			for _, field := range reflect.VisibleFields(filter) {
				switch field.Type {
				case reflect.TypeFor[string]():
					all = append(all, textQuestion{method.Name + "." + field.Name, method, n, field, models.Criterion{}})
				case reflect.TypeFor[[]models.Criterion]():
					for _, c := range criteria {
						all = append(all, textQuestion{fmt.Sprint(method.Name, " ", c), method, n, field, c})
					}
				}
			}
		}
	}
	return all
}

var everyField = []models.SearchField{
	models.SearchPerson, models.SearchHost, models.SearchEmail, models.SearchIP, models.SearchMAC, models.SearchLabel, models.SearchReference1, models.SearchReference2,
}

// criteria are one of each comparison, on fields that hold what is hidden.
var criteria = []models.Criterion{
	{Field: models.SearchLabel, Comparison: models.ComparisonContains}, {Field: models.SearchReference1, Comparison: models.ComparisonStarts},
	{Field: models.SearchReference2, Comparison: models.ComparisonExact}, {Field: models.SearchEmail, Comparison: models.ComparisonStarts},
	{Field: models.SearchIP, Comparison: models.ComparisonContains}, {Field: models.SearchHost, Comparison: models.ComparisonContains},
}

func (q textQuestion) fill(field reflect.Value, probe string) {
	if field.Kind() == reflect.String {
		field.SetString(probe)
		return
	}
	c := q.criterion
	c.Text = probe
	field.Set(reflect.ValueOf([]models.Criterion{c}))
}

func (q textQuestion) ask(t *testing.T, r *seen.Reader, probe string) string {
	t.Helper()
	arguments := []reflect.Value{reflect.ValueOf(r)}
	for i := 1; i < q.method.Type.NumIn(); i++ {
		argument := reflect.New(q.method.Type.In(i)).Elem()
		switch argument.Interface().(type) {
		case seen.Viewer:
			argument.Set(reflect.ValueOf(helpdesk()))
		case time.Time:
			argument.Set(reflect.ValueOf(day))
		case models.Facet:
			argument.Set(reflect.ValueOf(models.Facets[0]))
		case seen.Search:
			argument.Set(reflect.ValueOf(seen.Search{RegistrationTokens: everyField, AuthTokens: everyField, Refused: everyField, Words: true, Limit: 9}))
		}
		if argument.Type() == reflect.TypeFor[context.Context]() {
			argument.Set(reflect.ValueOf(t.Context()))
		}
		if i == q.filter {
			q.fill(argument.FieldByIndex(q.field.Index), probe)
		}
		arguments = append(arguments, argument)
	}
	results := q.method.Func.Call(arguments)
	if err, ok := results[len(results)-1].Interface().(error); ok && err != nil {
		return "error " + string(models.ErrorKind(err))
	}
	switch result := results[0].Interface().(type) {
	case *seen.Found:
		return fmt.Sprintf("%+v", result.Totals)
	case int:
		return fmt.Sprint(result)
	case models.AuthTokenFilter:
		return "" // it is asked with elsewhere
	default:
		items := results[0].FieldByName("Items")
		return fmt.Sprint(items.Len())
	}
}

// What the index has of a masked form is what the mask leaves.
func TestMask_LeavesTheSameOfBothWorlds(t *testing.T) {
	t.Parallel()
	for _, of := range []func(hidden) string{func(h hidden) string { return h.email }, func(h hidden) string { return h.ip }, func(h hidden) string { return h.ip6 }} {
		if a, b := mask.Text(of(worlds[0])), mask.Text(of(worlds[1])); a != b || a == of(worlds[0]) {
			t.Errorf("%s and %s are told apart: %s, %s", of(worlds[0]), of(worlds[1]), a, b)
		}
	}
}
