package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"muster/models"
	"muster/seen"
	"muster/tokens"
)

func authTokenChange(id string) tokens.Change {
	return tokens.Change{AuthTokenID: id, Kind: tokens.ChangeAuthToken}
}

func TestHub_SlowReaderIsDroppedAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := NewHub(Config{Now: time.Now})
		slow, quick := opened(t, hub, watcher{person: "slow"}), opened(t, hub, watcher{person: "quick"})
		for range backlog + 1 {
			started := time.Now()
			hub.Notify(authTokenChange("a"))
			if !time.Now().Equal(started) {
				t.Fatal("telling of a change waits for a reader")
			}
			if got := string(<-quick.events); !strings.Contains(got, `"authToken":"a"`) {
				t.Fatalf("event %q", got)
			}
			synctest.Wait()
		}
		if !isEnded(slow) || isEnded(quick) {
			t.Errorf("ended: slow %t, quick %t", isEnded(slow), isEnded(quick))
		}
	})
}

func TestHub_GathersAMomentOfChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := NewHub(Config{Now: time.Now})
		st := opened(t, hub, watcher{person: "a"})
		started := time.Now()
		for range 1000 {
			hub.Notify(authTokenChange("a"))
		}
		hub.Notify(authTokenChange("b"))
		got := string(<-st.events)
		if n := strings.Count(got, "event: change"); n != 2 || time.Since(started) != gatherFor {
			t.Errorf("%d events after %s: %q", n, time.Since(started), got)
		}
		for i := range maxChanges + 1 {
			hub.Notify(authTokenChange(string(rune('a' + i))))
		}
		if got := string(<-st.events); got != "event: change\ndata: {\"kind\":\"reconnected\"}\n\n" {
			t.Errorf("a storm tells %.200q", got)
		}
	})
}

// source is a database that can be away, or slow.
type source struct {
	away  atomic.Bool
	takes atomic.Int64 // the next time, in nanoseconds
	read  atomic.Int64 // how often it was
}

func (s *source) RegistrationTokensByID(context.Context, seen.Viewer, []string) ([]seen.RegistrationToken, error) {
	s.read.Add(1)
	<-time.After(time.Duration(s.takes.Swap(0)))
	if s.away.Load() {
		return nil, errors.New("the database is away")
	}
	return nil, nil
}

func (s *source) OpenRequests(context.Context) (int, error) { return 0, nil }

// All who came back at once would make it worse for a database that is slow.
func TestHub_WhatCannotBeReadIsToldLaterAndEndsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db source
		db.away.Store(true)
		hub := NewHub(Config{Now: time.Now, Read: &db, Logger: slog.New(slog.DiscardHandler)})
		st := opened(t, hub, watcher{person: "a"})
		hub.Notify(tokens.Change{RegistrationTokenID: "r", Kind: tokens.ChangeRefused})
		<-time.After(gatherFor + 3*retryAfter)
		synctest.Wait()
		if isEnded(st) || len(st.events) > 0 {
			t.Fatalf("ended %t, %d events", isEnded(st), len(st.events))
		}
		db.away.Store(false)
		if got := string(<-st.events); !strings.Contains(got, `"registrationToken":"r"`) {
			t.Errorf("it tells %q", got)
		}
		db.away.Store(true)
		hub.Notify(tokens.Change{RegistrationTokenID: "r", Kind: tokens.ChangeRefused})
		hub.Close() // and nothing is tried for ever: the bubble could not end
	})
}

// What was read first is not told last, however slow it was.
func TestHub_TellsInTheOrderInWhichItReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var db source
		hub := NewHub(Config{Now: time.Now, Read: &db, Logger: slog.New(slog.DiscardHandler)})
		st := opened(t, hub, watcher{person: "a"})
		db.takes.Store(int64(time.Second))
		hub.Notify(tokens.Change{RegistrationTokenID: "first", Kind: tokens.ChangeRefused})
		<-time.After(gatherFor + time.Millisecond) // it is being read
		hub.Notify(tokens.Change{RegistrationTokenID: "second", Kind: tokens.ChangeRefused})
		<-time.After(2 * gatherFor)
		if n := db.read.Load(); n != 1 {
			t.Errorf("%d are read at once", n)
		}
		for _, want := range []string{"first", "second"} {
			if got := string(<-st.events); !strings.Contains(got, want) {
				t.Errorf("%q is told in the place of %s", got, want)
			}
		}
	})
}

func TestOpen_TheOldestOfAPersonGivesWay(t *testing.T) {
	t.Parallel()
	hub := NewHub(Config{Now: time.Now})
	other := opened(t, hub, watcher{person: "b", address: "192.0.2.1"})
	var own []*stream
	for i := range defaultLimits.Person + 3 {
		own = append(own, opened(t, hub, watcher{session: []byte{byte(i)}, person: "a", address: "192.0.2.1"}))
	}
	for i, st := range own {
		if gone := i < 3; isEnded(st) != gone || st.superseded.Load() != gone {
			t.Errorf("stream %d: ended %t, told %t", i, isEnded(st), st.superseded.Load())
		}
	}
	if isEnded(other) || hub.Watchers() != defaultLimits.Person+1 {
		t.Errorf("another person's ended %t; %d are open", isEnded(other), hub.Watchers())
	}
}

func TestOpen_AFullAddressOrServerEndsNobody(t *testing.T) {
	t.Parallel()
	for name, limits := range map[string]Limits{
		"address": {Total: 100, Person: 2, Address: 4},
		"server":  {Total: 4, Person: 2, Address: 100},
	} {
		hub := NewHub(Config{Now: time.Now})
		hub.Limit(limits)
		at := func(person, address string) watcher { return watcher{person: person, address: address} }
		var all []*stream
		for _, person := range []string{"a", "a", "b", "b"} {
			all = append(all, opened(t, hub, at(person, "192.0.2.1")))
		}
		_, err := hub.open(at("c", "192.0.2.1"))
		if e, ok := errors.AsType[*models.Error](err); !ok || !e.Retryable() || e.RetryAfter == 0 {
			t.Errorf("%s: one too many is told %v", name, err)
		}
		for i, st := range all {
			if isEnded(st) {
				t.Errorf("%s: stream %d ended", name, i)
			}
		}
		opened(t, hub, at("a", "192.0.2.1")) // in the place of the person's own
		if !isEnded(all[0]) || isEnded(all[1]) || isEnded(all[2]) {
			t.Errorf("%s: ended are %t, %t, %t", name, isEnded(all[0]), isEnded(all[1]), isEnded(all[2]))
		}
		if name == "address" {
			opened(t, hub, at("c", "192.0.2.2"))
			opened(t, hub, at("d", "")) // an address that is not limited
		}
	}
}

// One who comes back without a pause, from many sessions, ends nobody else's stream.
func TestOpen_AStormOfOneEndsNoStreamOfOthers(t *testing.T) {
	t.Parallel()
	hub := NewHub(Config{Now: time.Now, Read: &source{}, Logger: slog.New(slog.DiscardHandler)})
	var others []*stream
	for i := range 50 {
		others = append(others, opened(t, hub, watcher{person: fmt.Sprint("person ", i), address: "192.0.2.1"}))
	}
	var storm sync.WaitGroup
	for range 8 {
		storm.Go(func() {
			for i := range 2000 {
				st, err := hub.open(watcher{session: []byte(fmt.Sprint(i)), person: "storm", address: "192.0.2.1"})
				if err != nil {
					t.Error(err)
					return
				}
				if i%2 == 0 {
					hub.remove(st)
				}
				hub.Notify(authTokenChange("a"))
			}
		})
	}
	storm.Wait()
	for i, st := range others {
		if isEnded(st) {
			t.Errorf("stream %d ended", i)
		}
	}
	if n := hub.Watchers(); n > len(others)+defaultLimits.Person {
		t.Errorf("%d are open", n)
	}
	hub.Close()
}

func opened(t *testing.T, hub *Hub, w watcher) *stream {
	t.Helper()
	st, err := hub.open(w)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func isEnded(st *stream) bool {
	select {
	case <-st.ended:
		return true
	default:
		return false
	}
}

// What replicas tell each other comes here too.
func TestHub_MuchIsLoadedAnewAndAKeyIsOnNoPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := NewHub(Config{Now: time.Now})
		st := opened(t, hub, watcher{person: "a"})
		hub.Notify(tokens.Change{Kind: tokens.ChangeAPIKey})
		hub.Notify(authTokenChange("a"))
		if got := string(<-st.events); strings.Count(got, "event: change") != 1 || !strings.Contains(got, `"authToken":"a"`) {
			t.Errorf("it tells %q", got)
		}
		hub.Notify(authTokenChange("a"))
		hub.Notify(tokens.Change{Kind: tokens.ChangeMuch})
		if got := string(<-st.events); got != "event: change\ndata: {\"kind\":\"reconnected\"}\n\n" {
			t.Errorf("of much it tells %q", got)
		}
	})
}
