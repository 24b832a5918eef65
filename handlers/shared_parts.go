package handlers

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// sharedPartsMost bounds how many parts are kept; all go with the next change
// anyway.
const sharedPartsMost = 256

// sharedPartsFor is how long one is kept when nothing changes.
const sharedPartsFor = 5 * time.Second

// sharedParts keeps the parts of pages that many browsers reload after the
// same change: the first one renders, the others of its role get the same
// bytes. What is kept is good until browsers are told of another change.
type sharedParts struct {
	mu    sync.Mutex
	parts map[string]*sharedPart
}

type sharedPart struct {
	once    sync.Once
	content []byte
	err     error
}

// forget is called whenever browsers are told that something changed.
func (s *sharedParts) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parts = nil
}

func (s *sharedParts) part(key string) *sharedPart {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.parts == nil || len(s.parts) >= sharedPartsMost {
		s.parts = map[string]*sharedPart{}
	}
	p := s.parts[key]
	if p == nil {
		p = &sharedPart{}
		s.parts[key] = p
	}
	return p
}

// renderShared answers a reload that nobody asked for with a part that is the
// same for everybody of a role who sees as much of addresses; build makes it when nobody has yet.
func (s *Server) renderShared(c echo.Context, build func() (templ.Component, error)) error {
	// The time stands in the key because states and "in 3 days" follow it.
	key := fmt.Sprint(actorOf(c).Role, " ", masksPersonalData(viewerOf(c)), " ") + s.now().Truncate(sharedPartsFor).String() + " " + c.Request().URL.RequestURI()
	p := s.shared.part(key)
	p.once.Do(func() {
		var part templ.Component
		if part, p.err = build(); p.err != nil {
			return
		}
		var buffer bytes.Buffer
		p.err = part.Render(context.WithoutCancel(c.Request().Context()), &buffer)
		p.content = buffer.Bytes()
	})
	if p.err != nil {
		s.shared.forget() // the next one may have more luck
		return p.err
	}
	noStore(c)
	c.Response().Header().Add(echo.HeaderVary, headerHXRequest)
	return c.HTMLBlob(http.StatusOK, p.content)
}
