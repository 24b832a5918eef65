package handlers

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// exportWriteLimit is how long a page of an export may take to be sent. An
// export has no limit in all: it goes on as long as the reader reads.
const exportWriteLimit = 30 * time.Second

// export is a whole list as CSV, page by page, so that its length costs no
// memory and rows that arrive meanwhile are not chased.
type export[T any] struct {
	// name begins the file's name; object is the ObjectKind in the trail.
	name, object string
	columns      []string
	// narrowed says what narrows the list, for the trail: no secret and, for
	// those who see them masked, no address.
	narrowed []string
	// read reads the page after a token; cells makes a row of an item.
	read  func(ctx context.Context, token string) (models.Page[T], error)
	cells func(item *T) []string
}

// sendExport answers an export. That it was made is written down first;
// without that row there is no export.
func sendExport[T any](h *adminHandler, c echo.Context, x export[T]) error {
	if err := h.exports.count(actorOf(c).ID); err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.now().UTC()
	first, err := x.read(ctx, "")
	if err != nil {
		return err
	}
	event := h.auditEvent(c, models.AuditExported, x.object, "")
	detail, err := json.Marshal(map[string]any{"filter": x.narrowed, "masked": masksPersonalData(actorOf(c))})
	if err != nil {
		return err
	}
	event.Detail = string(detail)
	if err := h.store.AppendAudit(ctx, event); err != nil {
		return err
	}
	csvHeaders(c, "muster-"+x.name+"-"+now.Format("2006-01-02-150405")+".csv")
	if err := x.write(ctx, c.Response(), first); err != nil {
		if ctx.Err() == nil {
			h.logger.LogAttrs(ctx, slog.LevelError, "export broke off",
				slog.String(logRequestID, requestID(c)), slog.Any(logError, err))
		}
		// The connection is cut, so that nobody takes a part for the whole.
		panic(http.ErrAbortHandler)
	}
	return nil
}

// write sends a page and all that follow.
func (x export[T]) write(ctx context.Context, response *echo.Response, page models.Page[T]) error {
	control := http.NewResponseController(response)
	out, err := newCSVWriter(response)
	if err != nil {
		return err
	}
	if err := out.row(x.columns...); err != nil {
		return err
	}
	for {
		_ = control.SetWriteDeadline(time.Now().Add(exportWriteLimit)) //nolint:forbidigo // a deadline of the connection
		for i := range page.Items {
			if err := out.row(x.cells(&page.Items[i])...); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
		if err := control.Flush(); err != nil {
			return err
		}
		if page.NextToken == "" {
			return nil
		}
		if page, err = x.read(ctx, page.NextToken); err != nil {
			return err
		}
	}
}
