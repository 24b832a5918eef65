package live

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/seen"
	"muster/tokens"
)

// A browser has one stream for all its tabs, a session one for each browser
// that holds its cookie; the limits are far above both.
const (
	gatherFor = 250 * time.Millisecond
	// maxStreams limits all open streams, maxPerSession those of one session.
	maxStreams    = 2_000
	maxPerSession = 8
)

// Config is what a hub needs.
type Config struct {
	// Read reads what changed.
	Read interface {
		RegistrationTokensByID(ctx context.Context, v seen.Viewer, ids []string) ([]seen.RegistrationToken, error)
		OpenRequests(ctx context.Context) (int, error)
	}
	// Alive reports whether the session that opened a stream is still valid.
	Alive  func(c echo.Context) (bool, error)
	Now    func() time.Time
	Logger *slog.Logger
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
	maxOpen int    // streams at a time
}

// NewHub returns a hub without streams.
func NewHub(cfg Config) *Hub {
	return &Hub{
		Config: cfg, Parts: Parts{now: cfg.Now},
		streams: map[*stream]struct{}{}, pending: map[tokens.Change]struct{}{}, maxOpen: maxStreams,
	}
}

// LimitStreams sets how many streams are open at a time.
func (h *Hub) LimitStreams(maxOpen int) { h.maxOpen = maxOpen }

// open adds a stream. A session at its limit loses its oldest stream, so that a
// forgotten browser does not shut out a new one. Nil while the server stops, or
// when there are too many streams in all.
func (h *Hub) open(session []byte) *stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	var own []*stream
	for st := range h.streams {
		if bytes.Equal(st.session, session) {
			own = append(own, st)
		}
	}
	if len(own) >= maxPerSession {
		oldest := slices.MinFunc(own, func(a, b *stream) int { return cmp.Compare(a.number, b.number) })
		oldest.superseded.Store(true)
		oldest.end()
		delete(h.streams, oldest)
	}
	if len(h.streams) >= h.maxOpen {
		return nil
	}
	h.opened++
	st := newStream(session, h.opened)
	h.streams[st] = struct{}{}
	return st
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

// Notify notes a change and arms the next flush; it never blocks.
func (h *Hub) Notify(change tokens.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) == 0 || h.closed {
		h.Parts.forget()
		return
	}
	if change.Kind == tokens.ChangeRedeemed {
		change.AuthTokenID = "" // on no page yet; a thousand of them are one change
	}
	h.pending[change] = struct{}{}
	if !h.armed {
		h.armed = true
		time.AfterFunc(gatherFor, h.flush)
	}
}

// flush sends what has gathered.
func (h *Hub) flush() {
	h.mu.Lock()
	changes := h.pending
	h.pending, h.armed = map[tokens.Change]struct{}{}, false
	h.mu.Unlock()

	h.Parts.forget() // before browsers are told and come for new ones
	chunk, err := h.render(changes)
	if err != nil {
		// Better that every browser reconnects than that pages silently go
		// stale.
		h.Logger.LogAttrs(context.Background(), slog.LevelError, "live update failed", slog.Any(web.LogError, err))
		h.endStreams(func(*stream) bool { return true })
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		select {
		case st.events <- chunk:
		default:
			st.end()
		}
	}
}
