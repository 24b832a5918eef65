package tokens_test

import (
	"testing"
	"time"

	"muster/models"
	"muster/tokens"
)

func TestNote_IsAboutSomethingThatExists(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, secret := r.create(1)
	issued := r.redeem(secret, "bob")
	e := refused(t, second(r.Redeem(t.Context(), request(secret, "eve"))), models.KindConflict, models.CodeRegistrationTokenExhausted)
	for kind, id := range map[string]string{
		models.ObjectRegistrationToken: token.ID, models.ObjectAuthToken: issued.AuthToken.ID, models.ObjectRefusedAttempt: e.SupportCode,
	} {
		r.told()
		note, err := r.AddNote(t.Context(), helpdesk, models.NewNote{ObjectKind: kind, ObjectID: id, Text: "called\nback", Ticket: "INC-1"})
		if err != nil || note.CreatedBy != helpdesk.Name {
			t.Errorf("a note about %s: %+v, %v", kind, note, err)
		}
		if told := r.told(); len(told) != 1 || told[0] != (tokens.Change{RegistrationTokenID: token.ID, Kind: tokens.ChangeRequest}) {
			t.Errorf("the live pages were told of %+v", told)
		}
		found, err := r.db.Notes(t.Context(), kind, id, 9)
		if err != nil || len(found) != 1 || found[0].Text != "called\nback" {
			t.Errorf("the notes about %s: %+v, %v", kind, found, err)
		}
		refused(t, second(r.AddNote(t.Context(), helpdesk, models.NewNote{ObjectKind: kind, ObjectID: "unknown", Text: "x"})), models.KindNotFound, models.CodeNotFound)
	}
	about := models.NewNote{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID}
	invalid(t, second(r.AddNote(t.Context(), helpdesk, about)), "text")
	about.Text, about.Ticket = secret.Reveal(), "two\nlines"
	invalid(t, second(r.AddNote(t.Context(), helpdesk, about)), "text", "ticket")
	about.Text, about.Ticket = "x", ""
	refused(t, second(r.AddNote(t.Context(), ann, about)), models.KindForbidden, models.CodeForbidden)
	about.ObjectKind = models.ObjectAPIKey
	refused(t, second(r.AddNote(t.Context(), helpdesk, about)), models.KindNotFound, models.CodeNotFound)
}

// Who clicks twice on a page without a script sends the form twice.
func TestNote_SentTwiceIsOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token, _ := r.create(1)
	n := models.NewNote{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, Text: "called back", Ticket: "INC-1"}
	add := func(actor models.Actor, n models.NewNote) string {
		t.Helper()
		note, err := r.AddNote(t.Context(), actor, n)
		if err != nil {
			t.Fatal(err)
		}
		return note.ID
	}
	first := add(helpdesk, n)
	r.told()
	r.clock.advance(9 * time.Second)
	if again := add(helpdesk, n); again != first || len(r.told()) != 0 {
		t.Errorf("the note %s was written again as %s, or pages were told of it", first, again)
	}
	other := n
	other.Text = "called again"
	add(helpdesk, other)
	add(admin, n)
	r.clock.advance(2 * time.Second)
	add(helpdesk, n)
	found, err := r.db.Notes(t.Context(), n.ObjectKind, n.ObjectID, 9)
	if err != nil || len(found) != 4 {
		t.Errorf("%d notes were written, %v", len(found), err)
	}
	trail, err := r.db.AuditEvents(t.Context(), models.AuditFilter{Action: models.AuditNoteAdded}, models.PageRequest{})
	if err != nil || len(trail.Items) != 4 {
		t.Errorf("%d notes are in the trail, %v", len(trail.Items), err)
	}
}
