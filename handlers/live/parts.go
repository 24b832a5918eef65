package live

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

const (
	// maxParts limits how many parts are kept; the next change drops them all
	// anyway.
	maxParts = 256
	// keepFor is how long one is kept when nothing changes.
	keepFor = 5 * time.Second
)

// Parts keeps the parts of pages that many browsers reload after the same
// change: the first request renders, the others of its role get the same bytes.
// A part is good until browsers hear of another change, unless it was late already
// when it was made: no change tells when what it lacks is there.
type Parts struct {
	now   func() time.Time
	mu    sync.Mutex
	parts map[string]*part
}

type part struct {
	once    sync.Once
	content []byte
	err     error
	// asOf is when it is as of, if it was late already when it was made.
	asOf time.Time
	late bool
}

// forget is called whenever browsers hear that something changed.
func (p *Parts) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts = nil
}

// drop forgets one part.
func (p *Parts) drop(key string, of *part) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts[key] == of {
		delete(p.parts, key)
	}
}

func (p *Parts) part(key string) *part {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts == nil || len(p.parts) >= maxParts {
		p.parts = map[string]*part{}
	}
	kept := p.parts[key]
	if kept == nil {
		kept = &part{}
		p.parts[key] = kept
	}
	return kept
}

// Render answers a page's own reload with a part that is the same for everybody
// with the same role, masking, zone and rows; build makes it when nobody has yet.
func (p *Parts) Render(c echo.Context, build func() (templ.Component, error)) error {
	v := web.Viewer(c)
	// The time is part of the key because states and "in 3 days" depend on it, its
	// zone because exact times do.
	key := fmt.Sprint(v.Role, v.Masked(), v.ShownUntil().IsZero(), web.Zone(c), web.PageSize(c), p.now().Truncate(keepFor), c.Request().URL.RequestURI())
	kept := p.part(key)
	kept.once.Do(func() {
		var component templ.Component
		if component, kept.err = build(); kept.err != nil {
			return
		}
		var buffer bytes.Buffer
		kept.err = component.Render(context.WithoutCancel(c.Request().Context()), &buffer)
		kept.content = buffer.Bytes()
		kept.asOf, kept.late = models.AsOf(c.Request().Context())
	})
	if kept.err != nil {
		p.forget() // the next request may succeed
		return kept.err
	}
	if kept.late {
		p.drop(key, kept)
		models.NoteAsOf(c.Request().Context(), kept.asOf) // for who waited for it
	}
	return web.HTML(c, http.StatusOK, kept.content)
}
