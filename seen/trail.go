package seen

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"muster/models"
	"muster/models/mask"
)

type auditEvent = models.AuditEvent

// AuditEvent is an event of the trail as its viewer may see it.
type AuditEvent struct{ auditEvent }

// AuditEvent masks one for the viewer.
func (v Viewer) AuditEvent(e *models.AuditEvent) AuditEvent {
	shown := AuditEvent{*e}
	if v.sees(object{e.ObjectKind, e.ObjectID}) {
		return shown
	}
	maskTexts(&shown.ActorID, &shown.ActorName, &shown.ObjectID)
	shown.IP, shown.Detail = mask.IP(e.IP), maskJSON(e.Detail)
	return shown
}

// maskJSON masks every string of a JSON text; anything else is masked as plain
// text.
func maskJSON(text string) string {
	var masked bytes.Buffer
	decoder, encoder := jsontext.NewDecoder(bytes.NewBufferString(text)), jsontext.NewEncoder(&masked)
	for {
		token, err := decoder.ReadToken()
		if errors.Is(err, io.EOF) {
			return string(bytes.TrimSpace(masked.Bytes()))
		}
		if err == nil {
			if token.Kind() == '"' {
				token = jsontext.String(mask.Text(token.String()))
			}
			err = encoder.WriteToken(token)
		}
		if err != nil {
			return mask.Text(text)
		}
	}
}
