package handlers

import (
	"net/netip"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
)

const limitWindow = time.Minute

// The ceilings of rule 11, for guesses a minute: well-formed secrets that match
// nothing. Only wrong secrets are judged, so the holder of a right one is never
// kept out.
const (
	guessesPerAddress = 10
	guessesTotal      = 600
)

// actionsPerMinute is how often an actor may do each thing that leaves a row in
// the trail and changes nothing else. A person does it a few times; a loop
// would fill the trail, from which nothing can be deleted, and a stolen
// helpdesk session would make an oracle of look-ups by secret.
const actionsPerMinute = 60

// streamsPerMinute is how often a person may open a live stream.
const streamsPerMinute = 300

// limiter counts what each key does within a minute. Its memory is bounded
// without forgetting anybody early (Argo CD CVE-2024-21662: evicting lets an
// attacker reset his own count): a key is stored only for a guess that the total
// admitted.
type limiter struct {
	now func() time.Time
	// keyOf is the key of an address or actor.
	keyOf func(string) string
	// each is the ceiling of a key; total is that of all keys, 0 for none.
	each, total       int
	message, nextStep string

	mu   sync.Mutex
	keys map[string]window
	all  window
}

type window struct {
	since time.Time
	n     int
}

// newGuessLimiter limits guesses by address.
func newGuessLimiter(now func() time.Time) *limiter {
	return &limiter{
		now: now, keyOf: addressKey, each: guessesPerAddress, total: guessesTotal, keys: map[string]window{},
		message:  "Too many wrong secrets were sent from this address.",
		nextStep: "Check the secret, wait a minute and try again. A correct secret is never limited.",
	}
}

// newActorLimiter limits an action by actor. Actors are known people and API
// keys, so their number bounds the memory.
func newActorLimiter(now func() time.Time, action string) *limiter {
	return &limiter{
		now: now, keyOf: func(actorID string) string { return actorID }, each: actionsPerMinute, keys: map[string]window{},
		message: "You " + action + " too often within a minute.", nextStep: "Wait a minute and try again.",
	}
}

// newStreamLimiter limits how often a person opens a live stream: a browser does with
// each page, a program that comes back without a pause a thousand times a second.
func newStreamLimiter(now func() time.Time) *limiter {
	l := newActorLimiter(now, "opened pages that are kept up to date")
	l.each = streamsPerMinute
	return l
}

// count counts one; KindRateLimited when it is one too many. A key over its own
// limit does not count towards the total, or one client could use up everybody's.
func (l *limiter) count(of string) error {
	now, key := l.now(), l.keyOf(of)
	l.mu.Lock()
	defer l.mu.Unlock()

	own := l.keys[key]
	if wait := own.add(now, l.each); wait > 0 {
		return l.refusal(wait)
	}
	if l.total > 0 {
		if !l.all.running(now) {
			l.dropOld(now)
		}
		if wait := l.all.add(now, l.total); wait > 0 {
			return l.refusal(wait)
		}
	}
	l.keys[key] = own
	return nil
}

func (l *limiter) refusal(wait time.Duration) error {
	return &models.Error{
		Kind: models.KindRateLimited, Code: models.CodeRateLimited,
		Message: l.message, NextStep: l.nextStep, RetryAfter: wait,
	}
}

// dropOld runs once a window, so that a flood does not pay for it each time.
func (l *limiter) dropOld(now time.Time) {
	for key, w := range l.keys {
		if !w.running(now) {
			delete(l.keys, key)
		}
	}
}

// running reports whether the window is open. One that begins in the future
// is not: the clock was set back.
func (w *window) running(now time.Time) bool {
	return now.Sub(w.since) < limitWindow && !now.Before(w.since)
}

// add counts one in the running window and returns how long to wait when
// that is over the limit, 0 otherwise.
func (w *window) add(now time.Time, limit int) time.Duration {
	if !w.running(now) {
		*w = window{since: now}
	}
	if w.n >= limit {
		return limitWindow - now.Sub(w.since)
	}
	w.n++
	return 0
}

// streamsAddress is what shares the live streams of an address. Loopback and unknown
// addresses are not limited: behind a proxy that nobody named they are everybody's.
func streamsAddress(c echo.Context) string {
	if address, err := netip.ParseAddr(c.RealIP()); err != nil || address.Unmap().IsLoopback() {
		return ""
	}
	return addressKey(c.RealIP())
}

// addressKey is the address, or for IPv6 its /64: one customer has them all.
// All unknown addresses share one key, apart from any proxy's. Only what the
// client sends could tell them apart, and then each guess would come from
// somebody new; a key for each proxy would give whoever reaches several of them
// that many times the guesses.
func addressKey(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	network, _ := address.Prefix(64) // always in range for IPv6
	return network.String()
}
