package handlers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"muster/models"
	"muster/tokens"
	"muster/views"
)

// Live pages: the token service reports every change, the hub gathers them
// for a moment, renders the changed fragments once, and hands the same bytes
// to every open stream. A stream that cannot keep up is ended; the browser
// reconnects and reloads what it shows.
//
// A browser has one stream for all its tabs, a session one for each browser
// that took the cookie along; the caps are far above both.
const (
	liveGather = 250 * time.Millisecond
	livePing   = 15 * time.Second
	// livePatience is how long a browser may take for one piece.
	livePatience          = 30 * time.Second
	liveBacklog           = 32
	liveStreams           = 2_000
	liveStreamsPerSession = 8
	// liveMost is how many changes are told one by one.
	liveMost = 200
)

type liveHub struct {
	server *Server

	mu      sync.Mutex
	streams map[*liveStream]struct{}
	pending map[tokens.Change]struct{}
	armed   bool
	closed  bool
	opened  uint64 // streams since the start
	most    int    // streams at a time
}

// liveStream is one browser's open stream.
type liveStream struct {
	session []byte // digest
	number  uint64 // in the order they were opened
	events  chan []byte
	ended   chan struct{}
	once    sync.Once
	// superseded tells that a newer stream of the session took its place.
	superseded atomic.Bool
}

func (st *liveStream) end() { st.once.Do(func() { close(st.ended) }) }

func newLiveHub(s *Server) *liveHub {
	return &liveHub{server: s, streams: map[*liveStream]struct{}{}, pending: map[tokens.Change]struct{}{}, most: liveStreams}
}

// open adds a stream. A session that has its fill loses its oldest one, so
// that a forgotten tab does not keep a new one blind. Nil while the server
// stops, or when all sessions together have too many.
func (h *liveHub) open(session []byte) *liveStream {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil
	}
	var own []*liveStream
	for st := range h.streams {
		if bytes.Equal(st.session, session) {
			own = append(own, st)
		}
	}
	if len(own) >= liveStreamsPerSession {
		oldest := slices.MinFunc(own, func(a, b *liveStream) int { return cmp.Compare(a.number, b.number) })
		oldest.superseded.Store(true)
		oldest.end()
		delete(h.streams, oldest)
	}
	if len(h.streams) >= h.most {
		return nil
	}
	h.opened++
	st := &liveStream{
		session: session, number: h.opened,
		events: make(chan []byte, liveBacklog), ended: make(chan struct{}),
	}
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
		h.server.shared.forget()
		return
	}
	if change.Kind == tokens.ChangeRedeemed {
		change.AuthTokenID = "" // on no page yet; a thousand of them are one change
	}
	h.pending[change] = struct{}{}
	if !h.armed {
		h.armed = true
		time.AfterFunc(liveGather, h.flush)
	}
}

// Kinds of message beside those of a change; live.js knows them.
const (
	// liveReload: too much has changed to tell it one by one.
	liveReload = "reconnected"
	// liveSuperseded: do not come back, another stream took the place.
	liveSuperseded = "superseded"
)

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

	h.server.shared.forget() // before browsers are told, and come for the new
	chunk, err := h.render(changes)
	if err != nil {
		// Better a reload of the streams than a page that silently stands.
		h.server.logger.LogAttrs(context.Background(), slog.LevelError, "live update failed", slog.Any(logError, err))
		h.endAll()
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

// endAll ends the streams that are open now.
func (h *liveHub) endAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for st := range h.streams {
		st.end()
	}
}

// render makes one event for each change; the first of a registration token
// carries its usage as list and detail show it. It names nobody:
// the same bytes go to those who see personal data masked.
func (h *liveHub) render(changes map[tokens.Change]struct{}) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if len(changes) > liveMost {
		return appendMessage(nil, liveMessage{Kind: liveReload})
	}
	fragments, err := h.fragments(ctx, changes)
	if err != nil {
		return nil, err
	}
	var chunk []byte
	for _, change := range slices.SortedFunc(maps.Keys(changes), compareChanges) {
		id := change.RegistrationTokenID
		chunk, err = appendMessage(chunk, liveMessage{
			Kind: string(change.Kind), RegistrationToken: id, AuthToken: change.AuthTokenID, Fragments: fragments[id],
		})
		if err != nil {
			return nil, err
		}
		delete(fragments, id)
	}
	return chunk, nil
}

func compareChanges(a, b tokens.Change) int {
	return cmp.Or(cmp.Compare(a.RegistrationTokenID, b.RegistrationTokenID),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.AuthTokenID, b.AuthTokenID))
}

func appendMessage(chunk []byte, m liveMessage) ([]byte, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(chunk, "event: change\ndata: %s\n\n", data), nil
}

// fragments renders the usage of each changed registration token, by its id.
func (h *liveHub) fragments(ctx context.Context, changes map[tokens.Change]struct{}) (map[string]string, error) {
	var ids []string
	for change := range changes {
		if id := change.RegistrationTokenID; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	rendered := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return rendered, nil
	}
	current, err := h.server.store.Usage(ctx, ids)
	if err != nil {
		return nil, err
	}
	now := h.server.now().UTC()
	for i := range current {
		if rendered[current[i].ID], err = usageFragments(ctx, &current[i], now); err != nil {
			return nil, err
		}
	}
	return rendered, nil
}

func usageFragments(ctx context.Context, t *models.RegistrationToken, now time.Time) (string, error) {
	var buffer bytes.Buffer
	live := views.RegistrationTokenLive{Usage: usageOf(t, now), Status: t.Status(now)}
	if err := views.RegistrationTokenLiveFragments(live).Render(ctx, &buffer); err != nil {
		return "", err
	}
	return buffer.String(), nil
}
