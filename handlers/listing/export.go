package listing

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/seen"
)

// exportWriteTimeout is how long sending one page of an export may take. The whole
// export has no limit: it goes on as long as the client reads.
const exportWriteTimeout = 30 * time.Second

// Export is a whole list as CSV, sent page by page, so that its length costs no
// memory.
type Export[T any] struct {
	// Name begins the file's name; Object is the kind of object in the trail.
	Name, Object string
	// Limit counts an export by the actor; KindRateLimited after too many.
	Limit func(actorID string) error
	// Narrowed says what narrows the list, for the trail.
	Narrowed map[string]string
	Columns  []string
	// Read reads the page after a token.
	Read func(ctx context.Context, token string) (seen.Page[T], error)
	// Cells turns an item into a row.
	Cells func(item *T) []string
}

// Recorder audits that a list was exported.
type Recorder interface {
	Exported(ctx context.Context, v seen.Viewer, kind string, narrowed map[string]string) error
}

// Send answers an export. It is audited first; without that row there is no
// export.
func (x Export[T]) Send(c echo.Context, recorder Recorder, now time.Time) error {
	if err := x.Limit(web.Actor(c).ID); err != nil {
		return err
	}
	ctx := c.Request().Context()
	first, err := x.Read(ctx, "")
	if err != nil {
		return err
	}
	if err := recorder.Exported(ctx, web.Viewer(c), x.Object, x.Narrowed); err != nil {
		return err
	}
	csvHeaders(c, "muster-"+x.Name, now)
	if err := x.write(ctx, c.Response(), first); err != nil {
		return fmt.Errorf("export broke off: %w", err)
	}
	return nil
}

// write sends a page and all that follow.
func (x Export[T]) write(ctx context.Context, response *echo.Response, page seen.Page[T]) error {
	control := http.NewResponseController(response)
	out, err := newCSVWriter(response)
	if err != nil {
		return err
	}
	if err := out.row(x.Columns...); err != nil {
		return err
	}
	for {
		_ = control.SetWriteDeadline(time.Now().Add(exportWriteTimeout)) //nolint:forbidigo // a deadline of the connection
		for i := range page.Items {
			if err := out.row(x.Cells(&page.Items[i])...); err != nil {
				return err
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
		if err := control.Flush(); err != nil {
			return err
		}
		if page.NextToken() == "" {
			return nil
		}
		if page, err = x.Read(ctx, page.NextToken()); err != nil {
			return err
		}
	}
}
