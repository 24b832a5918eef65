package handlers

import (
	"net/netip"
	"sync"
	"time"

	"muster/models"
)

// The ceilings of rule 11, for guesses a minute.
const (
	guessesPerAddress = 10
	guessesInAll      = 600
	guessWindow       = time.Minute
)

// guessLimiter counts guesses: well-formed secrets that match nothing. It
// judges wrong secrets only, so it can never keep the holder of a right one
// out. Memory is bounded without forgetting anybody early (Argo CD
// CVE-2024-21662: evicting lets an attacker reset his own count): an address
// is remembered only for a guess that the ceiling in all let through.
type guessLimiter struct {
	now func() time.Time

	mu        sync.Mutex
	addresses map[netip.Prefix]guessCount
	all       guessCount
}

type guessCount struct {
	since time.Time
	n     int
}

func newGuessLimiter(now func() time.Time) *guessLimiter {
	return &guessLimiter{now: now, addresses: map[netip.Prefix]guessCount{}}
}

// guess counts one and returns a KindRateLimited error when it is one too
// many.
func (l *guessLimiter) guess(ip string) error {
	wait := l.count(ip)
	if wait == 0 {
		return nil
	}
	return &models.Error{
		Kind: models.KindRateLimited, Code: models.CodeRateLimited,
		Message:    "Too many wrong secrets were sent from this address.",
		NextStep:   "Check the secret, wait a minute and try again. A right secret is never limited.",
		RetryAfter: wait,
	}
}

// count counts one, and returns how long to wait when it is one too many. An
// address that is over its own limit does not use up the ceiling in all:
// it would take the room of everybody else.
func (l *guessLimiter) count(ip string) time.Duration {
	now, key := l.now(), addressKey(ip)
	l.mu.Lock()
	defer l.mu.Unlock()

	own := l.addresses[key]
	if wait := own.add(now, guessesPerAddress); wait > 0 {
		return wait
	}
	if !l.all.running(now) {
		l.dropOld(now)
	}
	if wait := l.all.add(now, guessesInAll); wait > 0 {
		return wait
	}
	l.addresses[key] = own
	return 0
}

// dropOld runs once a window, so that a flood does not pay for it each time.
func (l *guessLimiter) dropOld(now time.Time) {
	for key, c := range l.addresses {
		if !c.running(now) {
			delete(l.addresses, key)
		}
	}
}

// running reports whether the window is open. One that begins in the future
// is not: the clock was set back.
func (c *guessCount) running(now time.Time) bool {
	return now.Sub(c.since) < guessWindow && !now.Before(c.since)
}

// add counts one in the running window and returns how long to wait when
// that is over the limit, 0 otherwise.
func (c *guessCount) add(now time.Time, limit int) time.Duration {
	if !c.running(now) {
		*c = guessCount{since: now}
	}
	if c.n >= limit {
		return guessWindow - now.Sub(c.since)
	}
	c.n++
	return 0
}

// addressKey is the address, or for IPv6 its /64: one customer has them all.
// Everybody whose address is unknown has one key together, beside that of any
// proxy. Only what the client sends could tell them apart, and then each guess
// would come from somebody new; a key for each proxy would give whoever reaches
// several of them as many guesses as there are.
func addressKey(ip string) netip.Prefix {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return netip.Prefix{}
	}
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	prefix, err := address.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}

// actionsPerMinute is how often an actor may do each thing that leaves a row in
// the trail and changes nothing else. A person does it a few times; a loop
// would fill the trail, from which nothing can be deleted, and a stolen
// helpdesk session would make an oracle of look-ups by secret.
const actionsPerMinute = 60

// actorLimiter counts actions by actor. Actors are known people and keys, so
// their number bounds the memory.
type actorLimiter struct {
	now    func() time.Time
	action string // "You … too often within a minute."

	mu     sync.Mutex
	actors map[string]guessCount
}

func newActorLimiter(now func() time.Time, action string) *actorLimiter {
	return &actorLimiter{now: now, action: action, actors: map[string]guessCount{}}
}

// count counts one and returns a KindRateLimited error when it is one too
// many.
func (l *actorLimiter) count(actorID string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.actors[actorID]
	wait := c.add(l.now(), actionsPerMinute)
	l.actors[actorID] = c
	if wait == 0 {
		return nil
	}
	return &models.Error{
		Kind: models.KindRateLimited, Code: models.CodeRateLimited,
		Message: "You " + l.action + " too often within a minute.", NextStep: "Wait a minute and try again.", RetryAfter: wait,
	}
}
