package replicas

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"muster/tokens"
)

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// wire is a channel in memory. It fails while it is cut.
type wire struct {
	mu        sync.Mutex
	cut       bool
	listeners map[chan string]struct{} // closed when the connection is lost
	announced int
}

var errCut = errors.New("cut")

func (w *wire) Announce(_ context.Context, _ string, texts []string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut {
		return errCut
	}
	w.announced++
	for listener := range w.listeners {
		for _, text := range texts {
			listener <- text
		}
	}
	return nil
}

func (w *wire) Listen(ctx context.Context, _ string, listening func(), heard func(string)) error {
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return errCut
	}
	mine := make(chan string, 1000)
	w.listeners[mine] = struct{}{}
	w.mu.Unlock()
	listening()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case text, ok := <-mine:
			if !ok {
				return errCut
			}
			heard(text)
		}
	}
}

// set cuts the wire, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for listener := range w.listeners {
		close(listener)
		delete(w.listeners, listener)
	}
}

// join runs a replica and returns what it hears.
func (w *wire) join(t *testing.T) (*Replicas, <-chan tokens.Change) {
	t.Helper()
	heard := make(chan tokens.Change, 1000)
	r := New(w, func(c tokens.Change) { heard <- c }, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { r.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	next(t, heard, tokens.ChangeMuch) // it listens
	return r, heard
}

func next(t *testing.T, heard <-chan tokens.Change, kind tokens.ChangeKind) tokens.Change {
	t.Helper()
	for timeout := time.After(patience); ; {
		select {
		case change := <-heard:
			if change.Kind == kind {
				return change
			}
		case <-timeout:
			t.Fatalf("no %s is heard", kind)
		}
	}
}

func TestTell_OthersHearAndWeDoNot(t *testing.T) {
	t.Parallel()
	w := &wire{listeners: map[chan string]struct{}{}}
	one, own := w.join(t)
	_, others := w.join(t)
	deleted := tokens.Change{Kind: tokens.ChangeAuthTokenDeleted, RegistrationTokenID: registrationTokenID, AuthTokenID: authTokenID}
	one.Tell(deleted)
	if got := next(t, others, deleted.Kind); got != deleted {
		t.Errorf("heard %v", got)
	}
	if len(own) > 0 {
		t.Errorf("who told hears %v", <-own)
	}
}

func TestTell_AThousandRedemptionsAreFewTexts(t *testing.T) {
	t.Parallel()
	w := &wire{listeners: map[chan string]struct{}{}}
	one, _ := w.join(t)
	_, others := w.join(t)
	for range 1000 {
		one.Tell(tokens.Change{Kind: tokens.ChangeRedeemed, RegistrationTokenID: registrationTokenID, AuthTokenID: authTokenID})
	}
	if got := next(t, others, tokens.ChangeRedeemed); got.AuthTokenID != "" || got.RegistrationTokenID != registrationTokenID {
		t.Errorf("heard %v", got)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.announced > 3 {
		t.Errorf("%d times something was announced", w.announced)
	}
}

func TestRun_WhoLostTheConnectionTakesItThatMuchChanged(t *testing.T) {
	t.Parallel()
	w := &wire{listeners: map[chan string]struct{}{}}
	one, _ := w.join(t)
	_, others := w.join(t)
	w.set(true)
	one.Tell(tokens.Change{Kind: tokens.ChangeAPIKey})
	<-time.After(3 * gatherFor) // it tries in vain
	w.set(false)
	next(t, others, tokens.ChangeMuch)
	one.Tell(tokens.Change{Kind: tokens.ChangeRequest})
	next(t, others, tokens.ChangeRequest)
}

// What changed last is told before the end.
func TestRun_TellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := &wire{listeners: map[chan string]struct{}{}}
	_, others := w.join(t)
	ctx, stop := context.WithCancel(t.Context())
	last := New(w, func(tokens.Change) {}, slog.New(slog.DiscardHandler))
	last.Tell(tokens.Change{Kind: tokens.ChangeAPIKey})
	stopped := make(chan struct{})
	go func() { defer close(stopped); last.Run(ctx) }()
	stop()
	<-stopped
	next(t, others, tokens.ChangeAPIKey)
}
