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
	// mostDenied bounds the memory; the refusals of further actors have a row
	// each. Actors are known people and keys: so many are no flood.
	mostDenied = 10_000
	// denialWriteLimit is how long a row may take when no request waits for it.
	denialWriteLimit = 10 * time.Second
)

// denied records that somebody known was turned away.
func (s *Server) denied(c echo.Context, r route, refusal error) error {
	event := web.AuditEvent(c, s.now(), models.AuditAccessDenied, models.ObjectRoute, r.method+" "+r.path, nil)
	if err := s.denials.record(c.Request().Context(), event); err != nil {
		return fmt.Errorf("audit a denied access: %w", err)
	}
	return refusal
}

// denials writes refused accesses into the trail, from which nothing can be
// deleted, so that nobody fills it: an actor's first at once, and all others
// of the minute that it begins as one row with their number. That row is
// written when the minute is over, or the server stops.
type denials struct {
	logger *slog.Logger
	now    func() time.Time
	after  func(d time.Duration, f func()) (stop func() bool)
	store  auditStore

	// settling is held while rows are written that no request waits for.
	settling sync.Mutex

	mu     sync.Mutex
	actors map[string]*denialMinute
	closed bool
}

// denialMinute is what an actor was refused and has no row yet.
type denialMinute struct {
	last   models.AuditEvent
	routes map[string]int // how often
	stop   func() bool
}

// auditStore is what denials need of [Store].
type auditStore interface {
	AppendAudit(ctx context.Context, event models.AuditEvent) error
}

func newDenials(cfg Config, store auditStore) *denials {
	d := &denials{logger: cfg.Logger, now: cfg.Now, after: cfg.AfterFunc, store: store, actors: map[string]*denialMinute{}}
	if d.after == nil {
		d.after = func(wait time.Duration, f func()) func() bool { return time.AfterFunc(wait, f).Stop }
	}
	return d
}

// record writes a refusal, or adds it to those of its minute. After an error
// it is added as well.
func (d *denials) record(ctx context.Context, event models.AuditEvent) error {
	if !d.begin(event) {
		return nil
	}
	err := d.write(ctx, event)
	if err != nil {
		d.add(event)
	}
	return err
}

// begin begins the actor's minute; false when one runs already, and the
// refusal was added to it.
func (d *denials) begin(event models.AuditEvent) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m := d.actors[event.ActorID]; m != nil {
		m.add(event)
		return false
	}
	if !d.closed && len(d.actors) < mostDenied {
		d.keep(event.ActorID, &denialMinute{routes: map[string]int{}})
	}
	return true
}

// add adds a refusal to the actor's minute, if one runs.
func (d *denials) add(event models.AuditEvent) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m := d.actors[event.ActorID]; m != nil {
		m.add(event)
	}
}

// keep lets a minute run; the lock is held.
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
	ctx, cancel := context.WithTimeout(context.Background(), denialWriteLimit)
	defer cancel()
	if m != nil && !d.settle(ctx, m) {
		d.giveBack(actorID, m)
	}
}

// close writes what is left; from then on each refusal has a row of its own.
func (d *denials) close() {
	d.settling.Lock()
	defer d.settling.Unlock()
	d.mu.Lock()
	left := d.actors
	d.actors, d.closed = nil, true
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), denialWriteLimit)
	defer cancel()
	for _, m := range left {
		m.stop()
		d.settle(ctx, m)
	}
}

// settle writes the row of a minute, unless there is nothing to tell.
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

// giveBack lets what could not be written wait for one more minute.
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

// write appends a row; a panic is an error, for what it was to tell is kept.
func (d *denials) write(ctx context.Context, event models.AuditEvent) (err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = fmt.Errorf("panic: %v\n%s", thrown, debug.Stack())
		}
	}()
	return d.store.AppendAudit(ctx, event)
}

func (m *denialMinute) add(event models.AuditEvent) {
	m.last = event
	m.routes[event.ObjectID]++
}

// row is all of the minute: the actor as last seen, the route refused most.
func (m *denialMinute) row(now time.Time) models.AuditEvent {
	routes := slices.SortedFunc(maps.Keys(m.routes), func(a, b string) int {
		return cmp.Or(m.routes[b]-m.routes[a], cmp.Compare(a, b))
	})
	number, counts := 0, make([]string, len(routes))
	for i, route := range routes {
		number += m.routes[route]
		counts[i] = fmt.Sprintf("%s (%d)", route, m.routes[route])
	}
	told := map[string]any{"more": number}
	if len(routes) > 1 {
		told["routes"] = counts
	}
	event := m.last
	event.ID, event.OccurredAt, event.ObjectID, event.Detail = web.NewEventID(now), now, routes[0], web.AuditDetail(told)
	return event
}
