package handlers

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// events is the live stream (HTML Living Standard, server-sent events). It
// ends at logout and when the session runs out, and never counts as activity.
func (h *adminHandler) events(c echo.Context) error {
	session := sessionOf(c)
	stream := h.live.open(session.Digest)
	if stream == nil {
		return models.Unavailable(nil)
	}
	defer h.live.remove(stream)

	// The deadlines of ordinary answers end here: the stream is open for hours,
	// and only a browser that takes nothing any more is given up.
	control := http.NewResponseController(c.Response())
	_ = control.SetReadDeadline(time.Time{}) // fails on no connection of net/http
	send := func(data []byte) error {
		_ = control.SetWriteDeadline(time.Now().Add(livePatience)) //nolint:forbidigo // a deadline of the connection
		if _, err := c.Response().Write(data); err != nil {
			return err
		}
		return control.Flush()
	}

	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/event-stream")
	header.Set("X-Accel-Buffering", "no")
	noStore(c)
	c.Response().WriteHeader(http.StatusOK)
	if err := send([]byte("retry: 2000\nevent: open\ndata: {}\n\n")); err != nil {
		return nil
	}

	end := time.NewTimer(session.ExpiresAt.Sub(h.now()))
	defer end.Stop()
	ping := time.NewTicker(livePing)
	defer ping.Stop()
	for {
		var data []byte
		select {
		case <-c.Request().Context().Done():
			return nil
		case <-stream.ended:
			if stream.superseded.Load() {
				_ = send([]byte("event: change\ndata: {\"kind\":\"" + liveSuperseded + "\"}\n\n"))
			}
			return nil
		case <-end.C:
			return nil
		case <-ping.C:
			// Ended elsewhere, or idle for too long: the stream ends too.
			if current, err := h.loadSession(c); err != nil || current == nil {
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
