package seen

import "muster/models"

type note = models.Note

// Note is a note as its viewer may see it.
type Note struct{ note }

func (v Viewer) note(n *models.Note) Note {
	shown := Note{*n}
	if !v.sees(object{n.ObjectKind, n.ObjectID}) {
		maskTexts(&shown.Text, &shown.Ticket, &shown.CreatedBy)
	}
	return shown
}
