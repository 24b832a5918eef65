package live

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/a-h/templ"
)

// making is a part that takes a second to make, and says how often it was.
type making struct {
	mu              sync.Mutex
	begun           int
	running, atOnce int
	fails           bool
}

func (m *making) build() (templ.Component, error) {
	m.mu.Lock()
	m.begun++
	n := m.begun
	m.running++
	m.atOnce = max(m.atOnce, m.running)
	fails := m.fails
	m.mu.Unlock()
	<-time.After(time.Second)
	m.mu.Lock()
	m.running--
	m.mu.Unlock()
	if fails {
		return nil, errBroken
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write([]byte{byte(n)})
		return err
	}), nil
}

var errBroken = errors.New("broken")

// Changes that come faster than a part is made do not multiply the work, and nobody gets
// what was made before the last change that they heard of.
func TestParts_AreMadeByOneAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &Parts{now: time.Now}
		var m making
		var all sync.WaitGroup
		for range 40 { // four changes a second, ten readers after each
			p.forget()
			for range 10 {
				m.mu.Lock()
				before := m.begun
				m.mu.Unlock()
				all.Go(func() {
					got := p.part(t.Context(), "k", m.build)
					if got.err != nil || int(got.content[0]) <= before-1 {
						t.Errorf("after the making of %d had begun it gets %v, %v", before, got.content, got.err)
					}
				})
			}
			<-time.After(250 * time.Millisecond)
		}
		all.Wait()
		if m.atOnce != 1 || m.begun > 12 {
			t.Errorf("in 10 seconds it was made %d times, %d at once", m.begun, m.atOnce)
		}
		if p.forget(); len(p.parts) != 0 {
			t.Errorf("%d are kept", len(p.parts))
		}
	})
}

func TestParts_EndWithAChangeAndWithTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &Parts{now: time.Now}
		var m making
		read := func() int { return int(p.part(t.Context(), "k", m.build).content[0]) }
		if a, b := read(), read(); a != 1 || b != 1 {
			t.Errorf("it reads %d, then %d", a, b)
		}
		p.forget()
		if got := read(); got != 2 {
			t.Errorf("after a change it reads %d", got)
		}
		<-time.After(keepFor)
		if got := read(); got != 3 {
			t.Errorf("later it reads %d", got)
		}
	})
}

func TestParts_AFailureIsSharedAndNotKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &Parts{now: time.Now}
		m := making{fails: true}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				if got := p.part(t.Context(), "k", m.build); !errors.Is(got.err, errBroken) {
					t.Errorf("it gets %v", got.err)
				}
			})
		}
		all.Wait()
		m.fails = false
		if got := p.part(t.Context(), "k", m.build); got.err != nil || m.begun != 2 {
			t.Errorf("afterwards it gets %v, made %d times", got.err, m.begun)
		}
	})
}

// Who makes it may leave; the others are not told so.
func TestParts_WhoLeavesTakesNobodyAlong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &Parts{now: time.Now}
		m := making{fails: true}
		leaving, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() { p.part(leaving, "k", m.build) })
		synctest.Wait()
		all.Go(func() {
			if got := p.part(t.Context(), "k", m.build); got.err != nil {
				t.Errorf("it gets %v", got.err)
			}
		})
		synctest.Wait()
		m.mu.Lock()
		m.fails = false
		m.mu.Unlock()
		leave()
		all.Wait()
	})
}
