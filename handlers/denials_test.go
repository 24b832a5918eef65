package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/handlers/web"
	"muster/models"
)

// failingTrail keeps rows, and breaks as often as broken says.
type failingTrail struct {
	mu     sync.Mutex
	rows   []models.AuditEvent
	broken int
	panics bool
}

func (f *failingTrail) AppendAudit(_ context.Context, event models.AuditEvent) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken > 0 {
		f.broken--
		if f.panics {
			panic("lost the thread")
		}
		return errors.New("no disk")
	}
	f.rows = append(f.rows, event)
	return nil
}

// told is how many refusals the rows tell of.
func (f *failingTrail) told(t *testing.T) int {
	t.Helper()
	number := len(f.rows)
	for _, row := range f.rows {
		var rest struct{ More int }
		if err := json.Unmarshal([]byte(row.Detail), &rest); err != nil {
			t.Fatal(err)
		}
		number += max(0, rest.More-1)
	}
	return number
}

// handTimers are let go by hand.
type handTimers struct {
	mu  sync.Mutex
	due []func()
}

func (h *handTimers) after(_ time.Duration, f func()) func() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.due = append(h.due, f)
	return func() bool { return true }
}

func (h *handTimers) fire() {
	h.mu.Lock()
	due := h.due
	h.due = nil
	h.mu.Unlock()
	for _, f := range due {
		f()
	}
}

func newTestDenials(trail *failingTrail) (*denials, *handTimers, *strings.Builder) {
	timers, log := &handTimers{}, &strings.Builder{}
	return newDenials(Config{Logger: slog.New(slog.NewJSONHandler(log, nil)), Now: newHandClock().Now, AfterFunc: timers.after}, trail.AppendAudit), timers, log
}

func refusedEvent(actor, route string) models.AuditEvent {
	return models.AuditEvent{ID: web.NewEventID(newHandClock().now), ActorID: actor, Action: models.AuditAccessDenied, ObjectID: route, Detail: "{}"}
}

func TestDenials_NothingIsLostWhenTheTrailBreaks(t *testing.T) {
	t.Parallel()
	for name, panics := range map[string]bool{"fails": false, "panics": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trail := &failingTrail{broken: 3, panics: panics}
			d, timers, log := newTestDenials(trail)
			if err := d.record(t.Context(), refusedEvent("ann", "GET /a")); err == nil {
				t.Fatal("the first was written")
			}
			for range 4 {
				if err := d.record(t.Context(), refusedEvent("ann", "GET /a")); err != nil {
					t.Fatal(err)
				}
			}
			timers.fire()
			if len(trail.rows) > 0 || !strings.Contains(log.String(), `\"more\":5`) {
				t.Fatalf("rows %+v, log %s", trail.rows, log.String())
			}
			_ = d.record(t.Context(), refusedEvent("ann", "GET /b"))
			timers.fire()
			_ = d.record(t.Context(), refusedEvent("ann", "GET /b"))
			d.close()
			if told := trail.told(t); told != 7 || len(trail.rows) != 1 {
				t.Errorf("%d of 7 refusals are told: %+v", told, trail.rows)
			}
		})
	}
}

func TestDenials_ParallelRefusalsAreAllToldAndForgotten(t *testing.T) {
	t.Parallel()
	const actors, each = 20, 200
	trail := &failingTrail{}
	d, timers, _ := newTestDenials(trail)
	var running atomic.Int64
	running.Store(actors)
	var all sync.WaitGroup
	for actor := range actors {
		all.Go(func() {
			defer running.Add(-1)
			for i := range each {
				_ = d.record(t.Context(), refusedEvent(strconv.Itoa(actor%10), "GET /"+strconv.Itoa(i%3)))
			}
		})
	}
	for running.Load() > 0 {
		timers.fire()
	}
	all.Wait()
	timers.fire()
	if told := trail.told(t); told != actors*each {
		t.Errorf("%d of %d refusals are told", told, actors*each)
	}
	if len(d.actors) > 0 {
		t.Errorf("%d actors are remembered after their minute", len(d.actors))
	}
}

func TestDenials_RemembersNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	trail := &failingTrail{}
	d, _, _ := newTestDenials(trail)
	for i := range maxDeniedActors + 10 {
		for range 2 {
			_ = d.record(t.Context(), refusedEvent(strconv.Itoa(i), "GET /"))
		}
	}
	if len(d.actors) != maxDeniedActors || len(trail.rows) != maxDeniedActors+20 {
		t.Errorf("%d actors are remembered, %d rows written", len(d.actors), len(trail.rows))
	}
	d.close()
	if told := trail.told(t); told != 2*(maxDeniedActors+10) {
		t.Errorf("%d refusals are told", told)
	}
}
