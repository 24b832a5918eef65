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
	// keepFor is how long one is kept when nothing changes: states and "in 3 days"
	// depend on the time.
	keepFor = 5 * time.Second
)

// Parts keeps the parts of pages that many browsers reload after the same
// change: the first request renders, the others of its role get the same bytes.
// A part is good until browsers hear of another change, unless it was late already
// when it was made: no change tells when what it lacks is there. Each is made by one
// request at a time; those that wait meanwhile share what the next one makes, so that
// changes that come faster than a part is made do not multiply the work.
type Parts struct {
	now   func() time.Time
	mu    sync.Mutex
	told  uint64 // how often browsers heard that something changed
	parts map[string]*part
}

type part struct {
	making chan struct{} // has one while somebody makes it, or takes what was made
	made   made          // guarded by making
	users  int           // how many requests hold it; guarded by Parts.mu, as is current
	// current is what Parts.told was when the making of it began.
	current uint64
}

// made is what came of making a part.
type made struct {
	told    uint64
	period  time.Time
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
	p.told++
	for key, of := range p.parts {
		if of.users == 0 {
			delete(p.parts, key)
		}
	}
}

// take also returns what the part has to know to be good for who takes it now. It is
// to be released.
func (p *Parts) take(key string) (of *part, told uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts == nil || len(p.parts) >= maxParts {
		p.parts = map[string]*part{}
	}
	of = p.parts[key]
	if of == nil {
		of = &part{making: make(chan struct{}, 1)}
		p.parts[key] = of
	}
	of.users++
	return of, p.told
}

func (p *Parts) release(key string, of *part) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of.users--
	if of.users == 0 && of.current < p.told && p.parts[key] == of {
		delete(p.parts, key)
	}
}

// begin notes that the making of a part begins.
func (p *Parts) begin(of *part) (told uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of.current = p.told
	return p.told
}

// drop lets whoever comes from now on make the part anew.
func (p *Parts) drop(key string, of *part) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts[key] == of {
		delete(p.parts, key)
	}
}

// Render answers a page's own reload with a part that is the same for everybody
// with the same role, masking, zone and rows; build makes it when nobody has yet.
func (p *Parts) Render(c echo.Context, build func() (templ.Component, error)) error {
	v := web.Viewer(c)
	// The zone is part of the key because exact times depend on it.
	key := fmt.Sprint(v.Role, v.Masked(), v.ShownUntil().IsZero(), web.Zone(c), web.PageSize(c), c.Request().URL.RequestURI())
	m := p.part(c.Request().Context(), key, build)
	if m.err != nil {
		return m.err
	}
	if m.late {
		models.NoteAsOf(c.Request().Context(), m.asOf) // for who waited for it
	}
	return web.HTML(c, http.StatusOK, m.content)
}

// part is what was made since browsers heard of the last change before the call, or is
// made now.
func (p *Parts) part(ctx context.Context, key string, build func() (templ.Component, error)) made {
	of, told := p.take(key)
	defer p.release(key, of)
	period := p.now().Truncate(keepFor)
	select {
	case of.making <- struct{}{}:
		defer func() { <-of.making }()
	case <-ctx.Done():
		return made{err: models.Unavailable(ctx.Err())}
	}
	if of.made.told >= told && !of.made.period.Before(period) {
		return of.made
	}
	m := made{told: p.begin(of), period: p.now().Truncate(keepFor)}
	m.content, m.err = render(ctx, build)
	m.asOf, m.late = models.AsOf(ctx)
	if m.err != nil && ctx.Err() != nil {
		return m // who made it is gone; that is no answer to others
	}
	of.made = m
	if m.err != nil || m.late {
		p.drop(key, of)
	}
	return m
}

func render(ctx context.Context, build func() (templ.Component, error)) ([]byte, error) {
	component, err := build()
	if err != nil {
		return nil, err
	}
	var buffer bytes.Buffer
	err = component.Render(context.WithoutCancel(ctx), &buffer)
	return buffer.Bytes(), err
}
