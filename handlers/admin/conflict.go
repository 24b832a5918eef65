package admin

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/telling"
	"muster/views/ui"
)

// trailReader reads the audit trail.
type trailReader interface {
	AuditEvents(ctx context.Context, v seen.Viewer, f models.AuditFilter, p models.PageRequest) (seen.Page[seen.AuditEvent], error)
}

// versioned are the actions that make another version of an object.
var versioned = []models.AuditAction{
	models.AuditRegistrationTokenUpdated, models.AuditRegistrationTokenEnabled, models.AuditRegistrationTokenDisabled,
	models.AuditRegistrationTokenReplaced, models.AuditAuthTokenUpdated, models.AuditAuthTokenEnded,
}

// admissionSet is the action that makes another version of who may redeem.
var admissionSet = []models.AuditAction{models.AuditRegistrationTokenAdmissionSet}

// conflict says who did one of the actions to an object last, and how a form that was
// filled before differs from it.
func conflict(c echo.Context, read trailReader, kind, id string, actions []models.AuditAction, fields []ui.Difference, now time.Time) (*views.Conflict, error) {
	shown := &views.Conflict{Fields: fields}
	filter := models.AuditFilter{ObjectKind: kind, ObjectID: id, Actions: actions}
	last, err := read.AuditEvents(c.Request().Context(), web.Viewer(c), filter, models.PageRequest{Size: 1})
	if err != nil || len(last.Items) == 0 {
		return shown, err
	}
	e := &last.Items[0]
	own := telling.EventOf(e, now).Own
	shown.Who, shown.What, shown.At = telling.Actor(e), strings.ToLower(own[:1])+own[1:], ui.MomentOf(e.OccurredAt, now)
	return shown, nil
}

// differences leaves out the fields whose values are the same as they are saved:
// without white space around them, and with line breaks as browsers send them.
func differences(all ...ui.Difference) []ui.Difference {
	return slices.DeleteFunc(all, func(d ui.Difference) bool {
		return strings.TrimSpace(strings.ReplaceAll(d.To, "\r\n", "\n")) == d.From
	})
}
