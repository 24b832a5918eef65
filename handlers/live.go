package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"muster/models"
	"muster/tokens"
	"muster/views"
)

// Live pages: the token service reports every change, the hub gathers them
// for a moment, renders the changed fragments once, and hands the same bytes
// to every open stream. A stream that cannot keep up is ended; the browser
// reconnects and reloads what it shows.
const (
	liveGather = 250 * time.Millisecond
	livePing   = 15 * time.Second
	// livePatience is how long a browser may take for one piece.
	livePatience = 30 * time.Second
	liveBacklog  = 32
	liveStreams  = 10_000
)

type liveHub struct {
	server *Server

	mu      sync.Mutex
	streams map[*liveStream]struct{}
	pending map[tokens.Change]struct{}
	armed   bool
	closed  bool
}

// liveStream is one browser's open stream.
type liveStream struct {
	session []byte // digest
	events  chan []byte
	ended   chan struct{}
	once    sync.Once
}

func (st *liveStream) end() { st.once.Do(func() { close(st.ended) }) }

func newLiveHub(s *Server) *liveHub {
	return &liveHub{server: s, streams: map[*liveStream]struct{}{}, pending: map[tokens.Change]struct{}{}}
}

// open adds a stream; nil while the server stops or has too many.
func (h *liveHub) open(session []byte) *liveStream {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.streams) >= liveStreams {
		return nil
	}
	st := &liveStream{session: session, events: make(chan []byte, liveBacklog), ended: make(chan struct{})}
	h.streams[st] = struct{}{}
	return st
}

func (h *liveHub) remove(st *liveStream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, st)
}

// endSession ends the streams of a session that logged out.
func (h *liveHub) endSession(digest []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		if bytes.Equal(st.session, digest) {
			st.end()
		}
	}
}

func (h *liveHub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for st := range h.streams {
		st.end()
	}
}

// notify notes a change and arms the next flush; it never blocks.
func (h *liveHub) notify(change tokens.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) == 0 || h.closed {
		return
	}
	h.pending[change] = struct{}{}
	if !h.armed {
		h.armed = true
		time.AfterFunc(liveGather, h.flush)
	}
}

// liveMessage is the data of one event; live.js reads it.
type liveMessage struct {
	Kind              string `json:"kind"`
	RegistrationToken string `json:"registrationToken,omitempty"`
	AuthToken         string `json:"authToken,omitempty"`
	Fragments         string `json:"fragments,omitempty"`
}

// flush sends what gathered.
func (h *liveHub) flush() {
	h.mu.Lock()
	changes := h.pending
	h.pending, h.armed = map[tokens.Change]struct{}{}, false
	h.mu.Unlock()

	messages, err := h.render(changes)
	if err != nil {
		// Better a reload of the streams than a page that silently stands.
		h.server.logger.LogAttrs(context.Background(), slog.LevelError, "live update failed", slog.Any(logError, err))
		h.endAll()
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		for _, message := range messages {
			select {
			case st.events <- message:
			default:
				st.end()
			}
		}
	}
}

// endAll ends the streams that are open now.
func (h *liveHub) endAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		st.end()
	}
}

// render makes one event for each changed registration token, with its usage
// as list and detail show it, and one for each changed auth token.
func (h *liveHub) render(changes map[tokens.Change]struct{}) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	kinds := map[string]tokens.ChangeKind{}
	var messages [][]byte
	add := func(m liveMessage) error {
		data, err := json.Marshal(m)
		if err != nil {
			return err
		}
		messages = append(messages, []byte("event: change\ndata: "+string(data)+"\n\n"))
		return nil
	}
	for change := range changes {
		if change.RegistrationTokenID != "" {
			kinds[change.RegistrationTokenID] = change.Kind
			continue
		}
		if err := add(liveMessage{Kind: string(change.Kind), AuthToken: change.AuthTokenID}); err != nil {
			return nil, err
		}
	}
	ids := make([]string, 0, len(kinds))
	for id := range kinds {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	current, err := h.server.store.Usage(ctx, ids)
	if err != nil {
		return nil, err
	}
	now := h.server.now().UTC()
	for i := range current {
		fragments, err := usageFragments(ctx, &current[i], now)
		if err != nil {
			return nil, err
		}
		id := current[i].ID
		if err := add(liveMessage{Kind: string(kinds[id]), RegistrationToken: id, Fragments: fragments}); err != nil {
			return nil, err
		}
	}
	return messages, nil
}

func usageFragments(ctx context.Context, t *models.RegistrationToken, now time.Time) (string, error) {
	var buffer bytes.Buffer
	live := views.RegistrationTokenLive{Usage: usageOf(t, now), Status: t.Status(now)}
	if err := views.RegistrationTokenLiveFragments(live).Render(ctx, &buffer); err != nil {
		return "", err
	}
	return buffer.String(), nil
}
