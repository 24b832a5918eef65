package store_test

import (
	"testing"
	"time"

	"muster/models"
)

func TestNotes_NewestFirst(t *testing.T) {
	t.Parallel()
	onRequests(t, func(t *testing.T, f requestRig) {
		token := f.create(1)
		for i, n := range []models.Note{
			{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, Text: "called back"},
			{ObjectKind: models.ObjectRegistrationToken, ObjectID: token.ID, Ticket: "INC-2"},
			{ObjectKind: models.ObjectRefusedAttempt, ObjectID: token.ID, Text: "of something else"},
		} {
			n.ID, n.CreatedBy, n.CreatedAt = f.id(), "Hedy Help", day.Add(time.Duration(i)*time.Minute)
			if err := f.CreateNote(t.Context(), &n, f.event(models.AuditNoteAdded, n.ObjectKind, n.ObjectID)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := f.Notes(t.Context(), models.ObjectRegistrationToken, token.ID, 100)
		if err != nil || len(got) != 2 || got[0].Ticket != "INC-2" || got[1].Text != "called back" || got[1].CreatedBy != "Hedy Help" || !got[1].CreatedAt.Equal(day) {
			t.Errorf("the notes are %+v, %v", got, err)
		}
		if got, err = f.Notes(t.Context(), models.ObjectRegistrationToken, token.ID, 1); err != nil || len(got) != 1 || got[0].Ticket != "INC-2" {
			t.Errorf("the newest note is %+v, %v", got, err)
		}
	})
}
