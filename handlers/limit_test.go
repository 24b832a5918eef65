package handlers

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"muster/models"
)

// handClock is moved by hand.
type handClock struct{ now time.Time }

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
}

func (c *handClock) Now() time.Time { return c.now }

// passes reports whether one more guess from ip is let through.
func passes(l *limiter, ip string) bool { return l.count(ip) == nil }

func TestGuessLimiter_OneAddressDoesNotUseUpTheRoomOfAll(t *testing.T) {
	t.Parallel()
	l := newGuessLimiter(newHandClock().Now)
	for range 5 * guessesTotal {
		_ = l.count("192.0.2.1")
	}
	if passes(l, "192.0.2.1") {
		t.Error("the address is not limited")
	}
	for i := range guessesPerAddress {
		if !passes(l, "192.0.2.2") {
			t.Fatalf("another address is limited at its guess %d", i+1)
		}
	}
}

func TestGuessLimiter_AddressesOfAnIPv6NetworkCountAsOne(t *testing.T) {
	t.Parallel()
	l := newGuessLimiter(newHandClock().Now)
	for i := range guessesPerAddress {
		if !passes(l, fmt.Sprintf("2001:db8:1:2:%x::%x", i, i)) {
			t.Fatalf("limited at guess %d", i+1)
		}
	}
	for ip, want := range map[string]bool{
		"2001:db8:1:2:ffff:ffff:ffff:ffff": false, "2001:db8:1:2::1%eth0": false, "2001:db8:1:3::1": true,
	} {
		if passes(l, ip) != want {
			t.Errorf("%s passes: %t", ip, !want)
		}
	}
	// An IPv4 address is the same one however it is written.
	for range guessesPerAddress {
		_ = l.count("::ffff:198.51.100.7")
	}
	if passes(l, "198.51.100.7") || !passes(l, "198.51.100.8") {
		t.Error("mapped addresses are not told apart like plain ones")
	}
}

func TestGuessLimiter_WindowPasses(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	l := newGuessLimiter(clock.Now)
	for range guessesPerAddress {
		_ = l.count("192.0.2.1")
	}
	clock.now = clock.now.Add(20 * time.Second)
	err, ok := l.count("192.0.2.1").(*models.Error) //nolint:errorlint // it is returned bare
	if !ok || err.Kind != models.KindRateLimited || err.RetryAfter != 40*time.Second {
		t.Fatalf("%+v, want to wait 40 s", err)
	}
	clock.now = clock.now.Add(40*time.Second - 1)
	if passes(l, "192.0.2.1") {
		t.Error("the window ends early")
	}
	clock.now = clock.now.Add(1)
	if !passes(l, "192.0.2.1") {
		t.Error("the window does not end")
	}
	clock.now = clock.now.Add(-time.Hour) // set back: nobody waits an hour
	for range guessesPerAddress + 1 {
		err, _ = l.count("192.0.2.1").(*models.Error) //nolint:errorlint // it is returned bare
	}
	if err == nil || err.RetryAfter > limitWindow {
		t.Errorf("after the clock was set back: %+v", err)
	}
}

func TestGuessLimiter_RemembersFewOfAMillionAddresses(t *testing.T) {
	t.Parallel()
	clock := newHandClock()
	l := newGuessLimiter(clock.Now)
	for range guessesPerAddress {
		_ = l.count("192.0.2.1")
	}
	most := 0
	for i := range 1_000_000 {
		address := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		_ = l.count(address.String())
		if most = max(most, len(l.keys)); i%4_000 == 0 {
			clock.now = clock.now.Add(200 * time.Millisecond) // fifty seconds in all
		}
	}
	if most > 2*guessesTotal {
		t.Errorf("%d addresses were remembered", most)
	}
	if passes(l, "192.0.2.1") {
		t.Error("a flood of others made the limiter forget an address")
	}
	clock.now = clock.now.Add(2 * limitWindow)
	_ = l.count("192.0.2.2")
	if len(l.keys) != 1 {
		t.Errorf("%d addresses are kept after their time", len(l.keys))
	}
}
