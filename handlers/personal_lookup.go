package handlers

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// personalLookupsPerMinute is how many e-mail and IP addresses somebody who
// sees them masked may ask for. A person at a desk asks for a few; trying the
// hidden half of an address takes thousands.
const personalLookupsPerMinute = 30

// lookUpPersonal counts and audits a list that is narrowed by an e-mail or IP
// address, when the actor sees those masked: each answer confirms a guess.
// KindRateLimited when there were too many.
func (s *Server) lookUpPersonal(c echo.Context, asked map[string]string) error {
	actor := actorOf(c)
	if !masksPersonalData(actor) {
		return nil
	}
	personal := map[string]string{}
	var key []string
	for field, value := range asked {
		if _, err := netip.ParseAddr(value); err == nil || strings.Contains(value, "@") {
			personal[field] = maskName(value)
			key = append(key, field+"="+strings.ToLower(value))
		}
	}
	if len(personal) == 0 {
		return nil
	}
	slices.Sort(key)
	fresh, err := s.personal.lookup(actor.ID, strings.Join(key, "\n"))
	if err != nil || !fresh {
		return err
	}
	event := s.auditEvent(c, models.AuditPersonalDataLookedUp, "list", c.Path())
	event.Detail = detail(personal)
	return s.store.AppendAudit(c.Request().Context(), event)
}

// personalLookups counts by actor. Asking the same again within the window is
// neither counted nor fresh: a list turns its pages and reloads itself.
type personalLookups struct {
	now func() time.Time

	mu     sync.Mutex
	actors map[string]*personalWindow
}

type personalWindow struct {
	guessCount
	asked map[string]struct{}
}

func newPersonalLookups(now func() time.Time) *personalLookups {
	return &personalLookups{now: now, actors: map[string]*personalWindow{}}
}

func (l *personalLookups) lookup(actorID, asked string) (fresh bool, err error) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	window := l.actors[actorID]
	if window == nil || !window.running(now) {
		window = &personalWindow{asked: map[string]struct{}{}}
		l.actors[actorID] = window
	}
	if _, again := window.asked[asked]; again {
		return false, nil
	}
	if wait := window.add(now, personalLookupsPerMinute); wait > 0 {
		return false, &models.Error{
			Kind: models.KindRateLimited, Code: models.CodeRateLimited,
			Message:  "You searched for too many e-mail or IP addresses within a minute.",
			NextStep: "Wait a minute and try again.", RetryAfter: wait,
		}
	}
	window.asked[asked] = struct{}{}
	return true, nil
}

// askedFor are the values a filter narrows by that may be personal data.
func askedFor(f models.AuthTokenFilter) map[string]string {
	asked := map[string]string{"ip": f.IP, "search": f.Search}
	for _, field := range models.ClaimedFields {
		asked[field.Name] = *field.Of(&f.ClaimedIdentity)
	}
	return asked
}
