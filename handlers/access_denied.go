package handlers

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

const (
	// denialWindow is how long the refusals of an actor share a row.
	denialWindow = time.Minute
	// maxDeniedActors bounds the memory; each refusal of a further actor has its own
	// row. Actors are known people and API keys, so that is no flood.
	maxDeniedActors = 10_000
	// denialWriteTimeout is how long a row may take when no request waits for it.
	denialWriteTimeout = 10 * time.Second
)

// denied audits that a known actor was turned away.
func (s *Server) denied(c echo.Context, r route, refusal error) error {
	event := web.AuditEvent(c, s.now(), models.AuditAccessDenied, models.ObjectRoute, r.method+" "+r.path, nil)
	if err := s.denials.record(c.Request().Context(), event); err != nil {
		return fmt.Errorf("audit a denied access: %w", err)
	}
	return refusal
}

// denials audits refused accesses without letting anybody fill the trail, from
// which nothing can be deleted: an actor's first is written at once, and all
// others of the minute that it begins as one row with their number. That row is
// written when the minute is over or the server stops.
type denials struct {
	logger *slog.Logger
	now    func() time.Time
	after  func(d time.Duration, f func()) (stop func() bool)
	audit  func(context.Context, models.AuditEvent) error

	// settling is held while rows are written that no request waits for.
	settling sync.Mutex

	mu     sync.Mutex
	actors map[string]*denialMinute
	closed bool
}

// denialMinute is what an actor was refused in a minute and has no row yet.
type denialMinute struct {
	last   models.AuditEvent
	routes map[string]int // how often each was refused
	stop   func() bool
}

func newDenials(cfg Config, audit func(context.Context, models.AuditEvent) error) *denials {
	d := &denials{logger: cfg.Logger, now: cfg.Now, after: cfg.AfterFunc, audit: audit, actors: map[string]*denialMinute{}}
	if d.after == nil {
		d.after = func(wait time.Duration, f func()) func() bool { return time.AfterFunc(wait, f).Stop }
	}
	return d
}

// record writes a refusal, or adds it to those of its minute. After an error
// it is added as well.
func (d *denials) record(ctx context.Context, event models.AuditEvent) error {
	if d.add(event, true) {
		return nil
	}
	err := d.write(ctx, event)
	if err != nil {
		d.add(event, false)
	}
	return err
}

// add adds a refusal to the actor's minute; false when none was running. Then,
// if first, one begins.
func (d *denials) add(event models.AuditEvent, first bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := d.actors[event.ActorID]
	if m != nil {
		m.last = event
		m.routes[event.ObjectID]++
	} else if first && !d.closed && len(d.actors) < maxDeniedActors {
		d.keep(event.ActorID, &denialMinute{routes: map[string]int{}})
	}
	return m != nil
}

// keep starts a minute; the lock is held.
func (d *denials) keep(actorID string, m *denialMinute) {
	d.actors[actorID] = m
	m.stop = d.after(denialWindow, func() { d.end(actorID) })
}

// end writes the row of a minute that is over.
func (d *denials) end(actorID string) {
	d.settling.Lock()
	defer d.settling.Unlock()
	d.mu.Lock()
	m := d.actors[actorID]
	delete(d.actors, actorID)
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), denialWriteTimeout)
	defer cancel()
	if m != nil && !d.settle(ctx, m) {
		d.giveBack(actorID, m)
	}
}

// close writes what is left; from then on each refusal has its own row.
func (d *denials) close() {
	d.settling.Lock()
	defer d.settling.Unlock()
	d.mu.Lock()
	left := d.actors
	d.actors, d.closed = nil, true
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), denialWriteTimeout)
	defer cancel()
	for _, m := range left {
		m.stop()
		d.settle(ctx, m)
	}
}

// settle writes the row of a minute, unless it is empty.
func (d *denials) settle(ctx context.Context, m *denialMinute) bool {
	if len(m.routes) == 0 {
		return true
	}
	event := m.row(d.now().UTC().Truncate(time.Microsecond))
	err := d.write(ctx, event)
	if err != nil {
		d.logger.LogAttrs(ctx, slog.LevelError, "refused accesses not written",
			slog.String(web.LogActor, event.ActorID), slog.String("detail", event.Detail), slog.Any(web.LogError, err))
	}
	return err == nil
}

// giveBack keeps what could not be written for one more minute.
func (d *denials) giveBack(actorID string, m *denialMinute) {
	d.mu.Lock()
	defer d.mu.Unlock()
	running := d.actors[actorID]
	if running == nil {
		d.keep(actorID, m)
		return
	}
	for route, n := range m.routes {
		running.routes[route] += n
	}
	running.last = cmp.Or(running.last, m.last)
}

// write appends a row; a panic becomes an error, so that the refusals are kept.
func (d *denials) write(ctx context.Context, event models.AuditEvent) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	return d.audit(ctx, event)
}

// row is the audit row of the minute: the actor as last seen, the route refused
// most.
func (m *denialMinute) row(now time.Time) models.AuditEvent {
	routes := slices.SortedFunc(maps.Keys(m.routes), func(a, b string) int {
		return cmp.Or(m.routes[b]-m.routes[a], cmp.Compare(a, b))
	})
	number, counts := 0, make([]string, len(routes))
	for i, route := range routes {
		number += m.routes[route]
		counts[i] = fmt.Sprintf("%s (%d)", route, m.routes[route])
	}
	detail := map[string]any{"more": number}
	if len(routes) > 1 {
		detail["routes"] = counts
	}
	event := m.last
	event.ID, event.OccurredAt, event.ObjectID, event.Detail = web.NewEventID(now), now, routes[0], web.AuditDetail(detail)
	return event
}
