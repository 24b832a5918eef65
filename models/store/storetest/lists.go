package storetest

import (
	"slices"
	"testing"
	"time"

	"muster/models"
)

func listByStatus(t *testing.T, f fixture) {
	hour := Epoch.Add(-time.Hour)
	// Each token carries every state below its own in precedence too.
	exhausted := f.create(1)
	f.redeem(exhausted.ID)
	spent := func(edit func(*models.RegistrationToken)) *models.RegistrationToken {
		token := f.create(1, func(r *models.RegistrationToken) { r.UsedCount, r.RedemptionCount = 0, 0; edit(r) })
		return token
	}
	want := map[models.Status]string{
		models.StatusActive:    f.create(1).ID,
		models.StatusExhausted: exhausted.ID,
		models.StatusExpired:   spent(func(r *models.RegistrationToken) { r.ExpiresAt = Epoch }).ID,
		models.StatusDisabled:  spent(func(r *models.RegistrationToken) { r.ExpiresAt, r.DisabledAt = Epoch, &hour }).ID,
		models.StatusDeleted:   spent(func(r *models.RegistrationToken) { r.ExpiresAt, r.DisabledAt, r.DeletedAt = Epoch, &hour, &hour }).ID,
	}
	for status, id := range want {
		page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{Status: status}, models.PageRequest{}, Epoch)
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != id {
			t.Errorf("the list of %s tokens is %+v, %v", status, page.Items, err)
			continue
		}
		if got := page.Items[0].Status(Epoch); got != status {
			t.Errorf("SQL says %s, the model %s", status, got)
		}
	}
	counts, err := f.RegistrationTokenStatusCounts(t.Context(), Epoch)
	for _, status := range models.Statuses {
		if err != nil || counts[status] != 1 {
			t.Errorf("%d tokens are %s, %v", counts[status], status, err)
		}
	}
}

func listPages(t *testing.T, f fixture) {
	const n = 23
	for i := range n {
		token := f.create(1+i%3, func(r *models.RegistrationToken) {
			r.Identifier = []string{"alpha", "Beta", "gamma"}[i%3]
			r.CreatedAt = Epoch.Add(time.Duration(i/4) * time.Second) // several share one
			r.UpdatedAt = r.CreatedAt
			r.ExpiresAt = Epoch.Add(time.Duration(1+i%5) * time.Hour)
		})
		if i%2 == 0 {
			f.redeem(token.ID)
		}
	}
	for _, sortBy := range []string{"", "identifier", "count", "usedCount", "remainingCount", "expirationDate", "lastRedeemedAt", "createdAt", "updatedAt"} {
		for _, descending := range []bool{false, true} {
			var ids []string
			request := models.PageRequest{Size: 4, SortBy: sortBy, Descending: descending}
			for range n {
				page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, request, Epoch)
				if err != nil {
					t.Fatalf("sorted by %q: %v", sortBy, err)
				}
				for _, item := range page.Items {
					ids = append(ids, item.ID)
				}
				if request.Token = page.NextToken; request.Token == "" {
					break
				}
			}
			whole, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{},
				models.PageRequest{Size: 500, SortBy: sortBy, Descending: descending}, Epoch)
			if err != nil {
				t.Fatal(err)
			}
			all := make([]string, len(whole.Items))
			for i, item := range whole.Items {
				all[i] = item.ID
			}
			if len(all) != n || !slices.Equal(ids, all) {
				t.Errorf("sorted by %q (descending %v), the pages hold %v, the whole list %v", sortBy, descending, ids, all)
			}
		}
	}
	for descending, redeemed := range map[bool]bool{false: false, true: true} {
		page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{Size: 1, SortBy: "lastRedeemedAt", Descending: descending}, Epoch)
		if err != nil || (page.Items[0].LastRedeemedAt != nil) != redeemed {
			t.Errorf("the first by last redemption (descending %v) is %+v, %v", descending, page.Items, err)
		}
	}
	page, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{Size: 1, SortBy: "identifier"}, Epoch)
	if err != nil || page.Items[0].Identifier != "Beta" {
		t.Errorf("texts do not sort by bytes: %+v, %v", page.Items, err)
	}
	usage, err := f.Usage(t.Context(), []string{page.Items[0].ID, "unknown"})
	if err != nil || len(usage) != 1 || usage[0].ID != page.Items[0].ID {
		t.Errorf("usage is %+v, %v", usage, err)
	}
}

func listBadRequests(t *testing.T, f fixture) {
	f.create(1)
	f.create(1)
	first, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{}, models.PageRequest{Size: 1}, Epoch)
	if err != nil || first.NextToken == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	for name, c := range map[string]struct {
		filter  models.RegistrationTokenFilter
		request models.PageRequest
		field   string
	}{
		"size too large":     {request: models.PageRequest{Size: 501}, field: "pageSize"},
		"size negative":      {request: models.PageRequest{Size: -1}, field: "pageSize"},
		"unknown sort":       {request: models.PageRequest{SortBy: "secretDigest"}, field: "sortBy"},
		"SQL as sort":        {request: models.PageRequest{SortBy: "count; DROP TABLE customers"}, field: "sortBy"},
		"garbage token":      {request: models.PageRequest{Token: "garbage!"}, field: "pageToken"},
		"token of no cursor": {request: models.PageRequest{Token: "e30"}, field: "pageToken"},
		"other sort":         {request: models.PageRequest{Token: first.NextToken, SortBy: "count"}, field: "pageToken"},
		"other filter": {
			filter: models.RegistrationTokenFilter{Identifier: "x"}, request: models.PageRequest{Token: first.NextToken}, field: "pageToken",
		},
		"unknown status": {filter: models.RegistrationTokenFilter{Status: "odd"}, field: "status"},
	} {
		_, err := f.RegistrationTokens(t.Context(), c.filter, c.request, Epoch)
		wantField(t, name, err, c.field)
	}
	_, err = f.AuthTokens(t.Context(), models.AuthTokenFilter{State: "odd"}, models.PageRequest{}, Epoch)
	wantField(t, "unknown state", err, "state")
	_, err = f.AuthTokens(t.Context(), models.AuthTokenFilter{}, models.PageRequest{Token: first.NextToken}, Epoch)
	wantField(t, "token of another list", err, "pageToken")
}

func wantField(t *testing.T, name string, err error, field string) {
	t.Helper()
	var e *models.Error
	if err != nil {
		e, _ = err.(*models.Error) //nolint:errorlint // the store returns it bare
	}
	if e == nil || e.Kind != models.KindInvalid || len(e.Fields) != 1 || e.Fields[0].Field != field {
		t.Errorf("%s: %v; want field %s", name, err, field)
	}
}

func searchAuthTokens(t *testing.T, f fixture) {
	token := f.create(10)
	named := func(user, host, mail string) string {
		return f.redeem(token.ID, func(c *models.Consumption) {
			c.AuthToken.SystemUserName, c.AuthToken.FQDN, c.AuthToken.Email = user, host, mail
		}).AuthToken.ID
	}
	mueller := named("MÜLLER", "pc-1.example", "")
	percent := named("100%", "a_b.example", "")
	plain := named("plain", "axb.example", "Someone@Example.COM")
	wholeAddress := named("ada@example.com", "pc-2.example", "")
	find := func(text string, whole bool, want ...string) {
		t.Helper()
		page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{Search: text, AsMasked: whole}, models.PageRequest{}, Epoch)
		var got []string
		for _, item := range page.Items {
			got = append(got, item.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("searching %q (whole addresses: %t) found %v, want %v, %v", text, whole, got, want, err)
		}
	}
	for _, part := range []string{"ada@", "ada", "someone@", "192.0.2."} {
		find(part, true)
	}
	find("Ada@Example.com", true, wholeAddress)
	find("SOMEONE@example.com", true, plain)
	find("üll", true, mueller)
	find("a_b", true, percent)
	for text, want := range map[string][]string{
		"müller": {mueller}, "Üll": {mueller}, "%": {percent}, "A_B": {percent}, `\`: nil,
		"someone@example.com": {plain}, "192.0.2.": {wholeAddress, plain, percent, mueller}, "' OR 1=1 --": nil,
	} {
		find(text, false, want...)
	}
	tokens, err := f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{Search: "TOKEN"}, models.PageRequest{}, Epoch)
	if err != nil || len(tokens.Items) != 1 {
		t.Errorf("searching registration tokens found %d, %v", len(tokens.Items), err)
	}
	tokens, err = f.RegistrationTokens(t.Context(), models.RegistrationTokenFilter{Search: "TOKEN", AsMasked: true}, models.PageRequest{}, Epoch)
	if err != nil || len(tokens.Items) != 1 {
		t.Errorf("searching registration tokens for whole addresses found %d, %v", len(tokens.Items), err)
	}
}

func listAuthTokens(t *testing.T, f fixture) {
	token, other := f.create(10), f.create(10)
	var ids []string
	for i := range 6 {
		ids = append(ids, f.redeem(token.ID, func(c *models.Consumption) {
			a := &c.AuthToken
			a.SystemUserName, a.FQDN, a.MACAddress = string(rune('f'-i)), string(rune('a'+i%2)), "00:11"
			a.Identifier, a.RefID1, a.RefID2 = "id", "r1", "r2"
			a.CreatedAt, a.LastSeenAt = Epoch.Add(time.Duration(i)*time.Second), Epoch.Add(-time.Duration(i)*time.Second)
		}).AuthToken.ID)
	}
	f.redeem(other.ID)
	f.delete(ids[0], false)
	if err := f.EndAuthToken(t.Context(), ids[1], "reuse", Epoch, f.event("x", "y", "z")); err != nil {
		t.Fatal(err)
	}
	ask := func(filter models.AuthTokenFilter, now time.Time) []string {
		t.Helper()
		var got []string
		request := models.PageRequest{Size: 2, SortBy: "creationDate"}
		for {
			page, err := f.AuthTokens(t.Context(), filter, request, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				if filter.State != "" && item.State(now) != filter.State {
					t.Errorf("SQL says %s, the model %s", filter.State, item.State(now))
				}
				got = append(got, item.ID)
			}
			if request.Token = page.NextToken; request.Token == "" {
				return got
			}
		}
	}
	mine := models.AuthTokenFilter{
		RegistrationTokenID: token.ID, IP: "192.0.2.1", CustomerID: models.DefaultCustomerID,
		ClaimedIdentity: models.ClaimedIdentity{MACAddress: "00:11", Identifier: "id", RefID1: "r1", RefID2: "r2"},
	}
	if got := ask(mine, Epoch); !slices.Equal(got, ids) {
		t.Errorf("all filters together give %v, want %v", got, ids)
	}
	for state, want := range map[models.AuthTokenState][]string{
		models.AuthTokenDeleted: ids[:1], models.AuthTokenEnded: ids[1:2], models.AuthTokenLive: ids[2:], models.AuthTokenIdleExpired: nil,
	} {
		filter := mine
		filter.State = state
		if got := ask(filter, Epoch); !slices.Equal(got, want) {
			t.Errorf("those %s are %v, want %v", state, got, want)
		}
	}
	filter := mine
	filter.State = models.AuthTokenIdleExpired
	if got := ask(filter, Epoch.Add(90*24*time.Hour)); !slices.Equal(got, ids[2:]) {
		t.Errorf("after 90 days idle are %v", got)
	}
	live, err := f.LiveAuthTokenCount(t.Context(), token.ID, Epoch)
	if err != nil || live != 4 {
		t.Errorf("%d are live, %v", live, err)
	}
	page, err := f.AuthTokens(t.Context(), models.AuthTokenFilter{RegistrationTokenID: token.ID},
		models.PageRequest{SortBy: "systemUserName"}, Epoch)
	if err != nil || page.Items[0].ID != ids[5] || page.Items[0].Customer.Identifier != "default" {
		t.Errorf("sorted by user: %+v, %v", page.Items, err)
	}
	page, err = f.AuthTokens(t.Context(), models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{FQDN: "b", SystemUserName: "e"}}, models.PageRequest{SortBy: "lastSeenAt", Descending: true}, Epoch)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != ids[1] {
		t.Errorf("filtered by host and user: %+v, %v", page.Items, err)
	}
}

// listByClaimed: each thing a device reports can be asked for, exactly or by a
// part of it.
func listByClaimed(t *testing.T, f fixture) {
	token := f.create(20)
	f.redeem(token.ID)
	for i, field := range models.ClaimedFields {
		value := "value <" + field.Name + ">"
		id := f.redeem(token.ID, func(c *models.Consumption) { *field.Of(&c.AuthToken.ClaimedIdentity) = value }).AuthToken.ID
		var exact models.AuthTokenFilter
		*field.Of(&exact.ClaimedIdentity) = value
		for _, filter := range []models.AuthTokenFilter{exact, {Search: value[3:]}, {Search: value[3:], AsMasked: true}} {
			page, err := f.AuthTokens(t.Context(), filter, models.PageRequest{}, Epoch)
			if err != nil || len(page.Items) != 1 || page.Items[0].ID != id {
				t.Errorf("%d, %+v found %+v, %v", i, filter, page.Items, err)
			}
		}
	}
}

func tokenUses(t *testing.T, f fixture) {
	token := f.create(10)
	for range 5 {
		f.redeem(token.ID)
	}
	f.redeem(f.create(1).ID)
	last := f.redeem(token.ID)
	f.delete(last.AuthToken.ID, true)
	var numbers []int
	request := models.PageRequest{Size: 4}
	for {
		page, err := f.TokenUses(t.Context(), token.ID, request)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range page.Items {
			numbers = append(numbers, use.Redemption.UseNumber)
			if use.AuthToken.ID != use.Redemption.AuthTokenID || use.AuthToken.CountReclaimed != (use.Redemption.UseNumber == 6) {
				t.Errorf("use %d is %+v", use.Redemption.UseNumber, use)
			}
		}
		if request.Token = page.NextToken; request.Token == "" {
			break
		}
	}
	r, err := f.Redemption(t.Context(), last.AuthToken.RedemptionID)
	if err != nil || r.UseNumber != 6 || r.AuthTokenID != last.AuthToken.ID {
		t.Errorf("the last use is %+v, %v", r, err)
	}
	_, err = f.Redemption(t.Context(), "unknown")
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	if !slices.Equal(numbers, []int{6, 5, 4, 3, 2, 1}) {
		t.Errorf("the uses come as %v", numbers)
	}
}

func auditEvents(t *testing.T, f fixture) {
	for i := range 5 {
		e := f.event(models.AuditLogin, "session", "s")
		e.OccurredAt = Epoch.Add(time.Duration(i) * time.Second)
		if i == 4 {
			e.ActorID, e.Detail = "someone", `{"a":1}`
		}
		if err := f.AppendAudit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	page, err := f.AuditEvents(t.Context(), models.AuditFilter{ObjectKind: "session", Action: models.AuditLogin}, models.PageRequest{Size: 2})
	if err != nil || len(page.Items) != 2 || page.Items[0].ActorID != "someone" || page.Items[0].Detail != `{"a":1}` || page.NextToken == "" {
		t.Errorf("the newest events are %+v, %v", page, err)
	}
	page, err = f.AuditEvents(t.Context(), models.AuditFilter{ObjectKind: "session", Actions: []models.AuditAction{models.AuditLogout, models.AuditLogin}}, models.PageRequest{Size: 2})
	if err != nil || len(page.Items) != 2 {
		t.Errorf("the events of several actions are %+v, %v", page, err)
	}
	page, err = f.AuditEvents(t.Context(), models.AuditFilter{ObjectKind: "session", Actions: []models.AuditAction{models.AuditLogout}}, models.PageRequest{})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("the events of another action are %+v, %v", page, err)
	}
	page, err = f.AuditEvents(t.Context(), models.AuditFilter{ActorID: "someone"}, models.PageRequest{})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("one actor's events are %+v, %v", page, err)
	}
}

func refusedCapped(t *testing.T, f fixture) {
	token := f.create(1)
	record := func(id *string, at time.Time) bool {
		t.Helper()
		a := models.RefusedAttempt{
			ID: f.id(), SupportCode: f.id(), RegistrationTokenID: id, Reason: models.CodeRegistrationTokenExpired,
			AttemptedAt: at, Channel: models.ChannelPage, IP: "192.0.2.1",
		}
		kept, err := f.RecordRefusedAttempt(t.Context(), &a, models.RefusedCaps{Total: 3})
		if err != nil {
			t.Fatalf("record a refused attempt: %v", err)
		}
		return kept
	}
	for _, id := range []*string{&token.ID, nil} {
		for i := range 5 {
			if kept := record(id, Epoch.Add(time.Duration(i)*time.Second)); kept != (i < 3) {
				t.Errorf("attempt %d kept: %v", i+1, kept)
			}
		}
		if !record(id, Epoch.Add(time.Minute)) {
			t.Error("the next minute keeps nothing")
		}
	}
	if got := f.read(token.ID).RefusedCount; got != 6 {
		t.Errorf("the refused count is %d, want 6", got)
	}
	page, err := f.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{RegistrationTokenID: token.ID}, models.PageRequest{})
	if err != nil || len(page.Items) != 4 || !page.Items[0].AttemptedAt.Equal(Epoch.Add(time.Minute)) {
		t.Fatalf("the kept attempts are %+v, %v", page.Items, err)
	}
	got, err := f.RefusedAttemptByCode(t.Context(), page.Items[0].SupportCode)
	if err != nil || got.ID != page.Items[0].ID || got.Reason != models.CodeRegistrationTokenExpired {
		t.Errorf("by its code: %+v, %v", got, err)
	}
	_, err = f.RefusedAttemptByCode(t.Context(), "unknown")
	f.wantKind(err, models.KindNotFound, models.CodeNotFound)
	twice := *got
	twice.ID, twice.AttemptedAt = f.id(), Epoch.Add(time.Hour)
	_, err = f.RecordRefusedAttempt(t.Context(), &twice, models.RefusedCaps{Total: 3})
	f.wantKind(err, models.KindConflict, models.CodeConflict)

	together(12, func(int) { record(nil, Epoch.Add(time.Hour)) })
	all, err := f.RefusedAttempts(t.Context(), models.RefusedAttemptFilter{}, models.PageRequest{})
	if err != nil || len(all.Items) != 11 {
		t.Errorf("%d attempts are kept in all, want 11, %v", len(all.Items), err)
	}
}
