package handlers_test

import (
	"database/sql"
	"fmt"
	"strings"

	"muster/models"
	"muster/models/lists"
	"muster/tokens"
)

// canaries are addresses that stand in one field each. The keys are what must
// not be seen of them: the whole IP address, the name before the @.
type canaries map[string]string

func (c canaries) email(field string) string {
	name := fmt.Sprintf("canary%03d", len(c))
	c[name] = field
	return name + "@corp.example"
}

func (c canaries) ip(field string) string {
	address := fmt.Sprintf("203.0.%d.%d", len(c)/100, 100+len(c)%100)
	if len(c)%2 == 0 {
		address = fmt.Sprintf("2001:db8:7:%d::7", 100+len(c))
	}
	c[address] = field
	return address
}

func (c canaries) text(field string) *string {
	text := "of " + c.email(field) + ", at " + c.ip(field)
	return &text
}

func (c canaries) settings(of string, count int) models.RegistrationTokenSettings {
	return models.RegistrationTokenSettings{
		Identifier: c.text(of + "'s label"), RefID1: c.text(of + "'s reference 1"), RefID2: c.text(of + "'s reference 2"),
		Note: c.text(of + "'s note"), Count: &count,
	}
}

func (c canaries) actor(w *world, does string) models.Actor {
	actor := w.admin()
	actor.Name, actor.Origin = c.email("who "+does), models.Origin{IP: c.ip("where from who " + does), Channel: models.ChannelREST, RequestID: "canary"}
	return actor
}

func (c canaries) request(secret models.Secret, of string) tokens.RedeemRequest {
	return tokens.RedeemRequest{
		Secret: secret,
		Claimed: models.ClaimedIdentity{
			SystemUserName: c.email(of + "'s system user name"), FQDN: c.email(of + "'s host"), MACAddress: c.ip(of + "'s MAC address"),
			Identifier: *c.text(of + "'s label"), RefID1: *c.text(of + "'s reference 1"), RefID2: *c.text(of + "'s reference 2"),
		},
		Verified: models.VerifiedIdentity{Issuer: "https://idp.example", Subject: c.email(of + "'s subject"), Email: c.email(of + "'s e-mail")},
		Origin: models.Origin{
			IP: c.ip(of + "'s IP"), UserAgent: "device/1.0.0.1 (+mailto:" + c.email(of+"'s program") + ") from " + c.ip(of+"'s program"),
			Channel: models.ChannelREST, RequestID: "canary",
		},
	}
}

// planted are the objects that hold canaries.
type planted struct {
	registrationToken, authToken, supportCode string
	// ids are what may stand as id in an address of ours.
	ids []string
}

// plant puts a canary into every field that may hold an address. Each call
// plants objects of their own; serial tells them apart.
func (c canaries) plant(w *world, serial int) planted {
	ctx, service := w.t.Context(), w.service
	var ids []string

	// A registration token with an expected list, used, changed, used up
	// and replaced.
	token, secret, err := service.CreateRegistrationToken(ctx, c.actor(w, "created"), c.settings("registration token", 3))
	must(w.t, err)
	c.expect(w, token.ID)
	settings := c.settings("changed registration token", 3)
	_, err = service.UpdateRegistrationToken(ctx, c.actor(w, "changed"), token.ID, settings)
	must(w.t, err)
	for _, of := range []string{"live", "deleted", "ended"} {
		issued, err := service.Redeem(ctx, c.request(secret, of))
		must(w.t, err)
		ids = append(ids, issued.AuthToken.ID)
		_, err = service.Refresh(ctx, issued.RefreshToken, models.Origin{IP: c.ip(of + "'s last IP"), RequestID: "canary"})
		must(w.t, err)
		switch of {
		case "live":
			_, err := service.UpdateAuthToken(ctx, c.actor(w, "changed an auth token"), issued.AuthToken.ID, models.AuthTokenLabels{
				Identifier: c.text("changed label"), RefID1: c.text("changed reference 1"), RefID2: c.text("changed reference 2"),
			})
			must(w.t, err)
		case "deleted":
			must(w.t, service.DeleteAuthToken(ctx, c.actor(w, "deleted an auth token"), issued.AuthToken.ID, *c.text("deletion's reason"), false))
		case "ended":
			w.clock.Advance(testAccessTokenTTL)
			if _, err := service.Refresh(ctx, issued.RefreshToken, models.Origin{IP: c.ip("reuse's IP"), RequestID: "canary"}); err == nil {
				w.t.Fatal("an old refresh token is good")
			}
		}
	}
	for _, refused := range []tokens.RedeemRequest{c.request(secret, "refused"), c.request("no secret of ours", "unknown")} {
		if _, err := service.Redeem(ctx, refused); err == nil {
			w.t.Fatal("redeemed")
		}
	}
	c.ask(w, token.ID)
	off := false
	_, err = service.UpdateRegistrationToken(ctx, c.actor(w, "disabled"), token.ID, models.RegistrationTokenSettings{Enabled: &off, Reason: *c.text("disabling's reason")})
	must(w.t, err)
	more := 5
	successor, secret, err := service.ReplaceRegistrationToken(ctx, c.actor(w, "replaced"), token.ID, models.RegistrationTokenSettings{Count: &more})
	must(w.t, err)
	// Of one that was replaced nothing can be asked for.
	askable, err := service.Redeem(ctx, c.request(secret, "askable"))
	must(w.t, err)
	ids = append(ids, askable.AuthToken.ID)
	gone, _, err := service.CreateRegistrationToken(ctx, w.admin(), c.settings("deleted registration token", 1))
	must(w.t, err)
	_, err = service.DeleteRegistrationToken(ctx, c.actor(w, "deleted"), gone.ID, models.RegistrationTokenDeletion{Reason: *c.text("deletion's reason")})
	must(w.t, err)
	key, _, err := service.CreateAPIKey(ctx, c.actor(w, "made a key"), c.email("API key"), models.RoleHelpdesk, nil, nil)
	must(w.t, err)

	// A trail that says more than the actions of today.
	for i, kind := range []string{"registration_token", "auth_token", "list", "something_else"} {
		must(w.t, w.store.AppendAudit(ctx, models.AuditEvent{
			ID: fmt.Sprintf("01jseed%018d%d", i, serial), OccurredAt: w.clock.Now(), ActorKind: models.ActorDevice, ActorName: c.email("device"), ActorID: "device",
			Action: models.AuditPersonalDataLookedUp, ObjectKind: kind, ObjectID: c.email("object"), IP: c.ip("trail"),
			Detail: fmt.Sprintf(`{"one":%q,"many":[%q],"within":{"it":%q},"note":{"from":%q,"to":%q}}`,
				*c.text("detail"), *c.text("detail's list"), *c.text("detail's object"), *c.text("detail's old value"), *c.text("detail's new value")),
		}))
	}
	made := planted{registrationToken: token.ID, authToken: ids[0]}
	found, err := w.store.RefusedAttempts(ctx, models.RefusedAttemptFilter{}, models.PageRequest{})
	must(w.t, err)
	for _, attempt := range found.Items {
		ids = append(ids, attempt.SupportCode)
		if attempt.RegistrationTokenID != nil && *attempt.RegistrationTokenID == token.ID {
			made.supportCode = attempt.SupportCode
		}
	}
	for kind, id := range map[string]string{
		models.ObjectRegistrationToken: token.ID, models.ObjectAuthToken: ids[0], models.ObjectRefusedAttempt: made.supportCode,
	} {
		_, err := service.AddNote(ctx, c.actor(w, "wrote a note"), models.NewNote{ObjectKind: kind, ObjectID: id, Text: *c.text("note"), Ticket: *c.text("note's ticket")})
		must(w.t, err)
	}
	asked, err := w.store.Requests(ctx, models.RequestFilter{RegistrationTokenID: token.ID}, models.PageRequest{}, w.clock.Now())
	must(w.t, err)
	for _, r := range asked.Items {
		ids = append(ids, r.ID)
	}
	made.ids = append(ids, token.ID, successor.ID, gone.ID, key.ID)
	return made
}

// ask makes requests: one is declined, one waits.
func (c canaries) ask(w *world, registrationTokenID string) {
	asked := func(kind models.RemedyKind, count *int) string {
		actor := c.actor(w, "asked")
		actor.ID = c.email("id of who asked")
		r, err := w.service.AskRequest(w.t.Context(), actor, models.NewRequest{
			RegistrationTokenID: registrationTokenID, Remedy: models.RequestedRemedy{Kind: kind, Count: count},
			Reason: *c.text("request's reason"), Ticket: *c.text("request's ticket"),
		})
		must(w.t, err)
		return r.ID
	}
	id := asked(models.RemedyRaise, new(2))
	_, err := w.service.DeclineRequest(w.t.Context(), c.actor(w, "declined"), id, *c.text("why it was declined"))
	must(w.t, err)
	asked(models.RemedyReplace, new(4))
}

// expect lists people who are expected and do not come.
func (c canaries) expect(w *world, registrationTokenID string) {
	var entries []models.Expectation
	for range 3 {
		for _, entry := range lists.ReadExpected(c.email("expected"), lists.Choices{}).Entries {
			entry.Note = *c.text("note about the expected")
			entries = append(entries, entry)
		}
	}
	_, err := w.service.SetAdmission(w.t.Context(), c.actor(w, "set who may redeem"), registrationTokenID, models.AdmissionSettings{Mode: models.ListAdd, Entries: entries})
	must(w.t, err)
}

// customers gives them names; nothing in the program does yet.
func (c canaries) customers(w *world) {
	db, err := sql.Open("sqlite3", "file:"+w.path+"?_busy_timeout=5000")
	must(w.t, err)
	defer db.Close()
	_, err = db.ExecContext(w.t.Context(), "UPDATE customers SET name = ?, identifier = ?", *c.text("customer's name"), c.email("customer's identifier"))
	must(w.t, err)
	_, err = db.ExecContext(w.t.Context(), "INSERT INTO customers (id, identifier, name, created_at) SELECT 'other', 'other', 'Other', created_at FROM customers")
	must(w.t, err)
}

// eventOfEach are events of the trail, one of each action on each kind of object, and
// all that say more than the actions of today.
func (w *world) eventOfEach() []string {
	w.t.Helper()
	var ids []string
	met := map[string]bool{}
	for page := (models.PageRequest{}); ; {
		found, err := w.store.AuditEvents(w.t.Context(), models.AuditFilter{}, page)
		must(w.t, err)
		for _, e := range found.Items {
			if kind := string(e.Action) + " " + e.ObjectKind; !met[kind] || strings.HasPrefix(e.ID, "01jseed") {
				met[kind] = true
				ids = append(ids, e.ID)
			}
		}
		if page.Token = found.NextToken; page.Token == "" {
			return ids
		}
	}
}
