package live

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/seen"
	"muster/tokens"
)

const (
	gatherFor = 250 * time.Millisecond
	// retryAfter is when what could not be rendered is tried again.
	retryAfter = time.Second
)

// Config is what a hub needs.
type Config struct {
	// Read reads what changed.
	Read interface {
		RegistrationTokensByID(ctx context.Context, v seen.Viewer, ids []string) ([]seen.RegistrationToken, error)
		OpenRequests(ctx context.Context) (int, error)
	}
	// Alive reports whether the session that opened a stream is still valid.
	Alive func(c echo.Context) (bool, error)
	// Address is what shares the places of an address; empty where that is not limited.
	Address func(c echo.Context) string
	// CountOpening counts a stream that a person opens; an error when that is too often.
	CountOpening func(person string) error
	Now          func() time.Time
	Logger       *slog.Logger
}

// Hub tells open pages what changed. A stream that cannot keep up is ended;
// the browser reconnects and reloads what it shows.
type Hub struct {
	Config
	// Parts are what pages reload after a change.
	Parts Parts

	mu      sync.Mutex
	streams map[*stream]struct{}
	pending map[tokens.Change]struct{}
	armed   bool
	closed  bool
	opened  uint64 // streams since the start
	limits  Limits
}

// NewHub returns a hub without streams.
func NewHub(cfg Config) *Hub {
	return &Hub{
		Config: cfg, Parts: Parts{now: cfg.Now},
		streams: map[*stream]struct{}{}, pending: map[tokens.Change]struct{}{}, limits: defaultLimits,
	}
}

// Watchers is how many streams are open.
func (h *Hub) Watchers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.streams)
}

func (h *Hub) remove(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, st)
}

// EndSession ends the streams of a session that logged out.
func (h *Hub) EndSession(digest []byte) {
	h.endStreams(func(st *stream) bool { return bytes.Equal(st.session, digest) })
}

// Close ends all streams and opens no more.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.endStreams(func(*stream) bool { return true })
}

func (h *Hub) endStreams(which func(*stream) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		if which(st) {
			st.end()
		}
	}
}

// Notify notes a change, of this replica or another, and arms the next flush; it never
// blocks.
func (h *Hub) Notify(change tokens.Change) {
	if change.Kind == tokens.ChangeAPIKey {
		return // on no live page
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) == 0 || h.closed {
		h.Parts.forget()
		return
	}
	if change.Kind == tokens.ChangeRedeemed {
		change.AuthTokenID = "" // on no page yet; a thousand of them are one change
	}
	h.gather(change, gatherFor)
}

// gather notes a change for the next flush, which is at the latest after a time. What
// is more than can be told one by one need not be kept: pages reload all of it.
func (h *Hub) gather(change tokens.Change, flushAfter time.Duration) {
	if len(h.pending) <= maxChanges {
		h.pending[change] = struct{}{}
	}
	h.arm(flushAfter)
}

func (h *Hub) arm(flushAfter time.Duration) {
	if !h.armed {
		h.armed = true
		time.AfterFunc(flushAfter, h.flush)
	}
}

// flush sends what has gathered. There is one at a time, however slow the database is:
// what was read first must not be told last.
func (h *Hub) flush() {
	h.mu.Lock()
	changes := h.pending
	h.pending = map[tokens.Change]struct{}{}
	unwatched := h.closed || len(h.streams) == 0
	h.mu.Unlock()

	h.Parts.forget() // before browsers are told and come for new ones
	var chunk []byte
	var err error
	if !unwatched {
		chunk, err = h.render(changes)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.armed = false
	switch {
	case err != nil:
		// The database is busy or away: browsers that all came back now would make it
		// worse. They are told as soon as it can be read.
		h.Logger.LogAttrs(context.Background(), slog.LevelError, "live update failed", slog.Any(web.LogError, err))
		for change := range changes {
			h.gather(change, retryAfter)
		}
		return
	case !unwatched:
		h.send(chunk)
	}
	if len(h.pending) > 0 {
		h.arm(gatherFor)
	}
}

// send gives a piece to every stream, and ends those that do not keep up.
func (h *Hub) send(chunk []byte) {
	for st := range h.streams {
		select {
		case st.events <- chunk:
		default:
			st.end()
		}
	}
}
