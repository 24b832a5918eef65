package live

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
)

const (
	pingEvery = 15 * time.Second
	// writeTimeout is how long a browser may take for one piece.
	writeTimeout = 10 * time.Second
	// backlog is how many pieces wait for a browser.
	backlog = 32
)

// stream is one browser's open stream.
type stream struct {
	watcher
	number uint64 // in the order they were opened
	events chan []byte
	ended  chan struct{}
	once   sync.Once
	// superseded means that a newer stream of the person took its place.
	superseded atomic.Bool
}

func newStream(of watcher, number uint64) *stream {
	return &stream{watcher: of, number: number, events: make(chan []byte, backlog), ended: make(chan struct{})}
}

func (st *stream) end() { st.once.Do(func() { close(st.ended) }) }

// Events is the live stream (HTML Living Standard, server-sent events). It ends
// at logout and when the session expires, and never counts as activity.
func (h *Hub) Events(c echo.Context) error {
	session := web.SessionOf(c)
	person := web.Actor(c).ID
	if err := h.CountOpening(person); err != nil {
		return err
	}
	stream, err := h.open(watcher{session.Digest, person, h.Address(c)})
	if err != nil {
		return err
	}
	defer h.remove(stream)

	// The deadlines of ordinary responses do not apply: the stream stays open
	// for hours, and only a browser that stops reading is given up.
	control := http.NewResponseController(c.Response())
	_ = control.SetReadDeadline(time.Time{}) // fails on no connection of net/http
	send := func(data []byte) error {
		_ = control.SetWriteDeadline(time.Now().Add(writeTimeout)) //nolint:forbidigo // a deadline of the connection
		if _, err := c.Response().Write(data); err != nil {
			return err
		}
		return control.Flush()
	}

	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/event-stream")
	header.Set("X-Accel-Buffering", "no")
	web.NoStore(c)
	c.Response().WriteHeader(http.StatusOK)
	if err := send([]byte("retry: 2000\nevent: open\ndata: {}\n\n")); err != nil {
		return nil
	}

	end := time.NewTimer(session.ExpiresAt.Sub(h.Now()))
	defer end.Stop()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var data []byte
		select {
		case <-c.Request().Context().Done():
			return nil
		case <-stream.ended:
			if stream.superseded.Load() {
				if data, err := appendMessage(nil, message{Kind: kindSuperseded}); err == nil {
					_ = send(data)
				}
			}
			return nil
		case <-end.C:
			return nil
		case <-ping.C:
			// Ended elsewhere, or idle for too long: the stream ends too.
			if alive, err := h.Alive(c); err != nil || !alive {
				return err
			}
			data = []byte(": ping\n\n")
		case data = <-stream.events:
		}
		if err := send(data); err != nil {
			return nil
		}
	}
}
