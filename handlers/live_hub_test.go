package handlers

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"muster/tokens"
)

func authTokenChange(id string) tokens.Change {
	return tokens.Change{AuthTokenID: id, Kind: tokens.ChangeAuthToken}
}

func TestLiveHub_SlowReaderIsDroppedAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := newLiveHub(&Server{now: time.Now})
		slow, quick := hub.open([]byte("slow")), hub.open([]byte("quick"))
		for range liveBacklog + 1 {
			started := time.Now()
			hub.notify(authTokenChange("a"))
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

func TestLiveHub_GathersAMomentOfChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := newLiveHub(&Server{now: time.Now})
		st := hub.open([]byte("session"))
		started := time.Now()
		for range 1000 {
			hub.notify(authTokenChange("a"))
		}
		hub.notify(authTokenChange("b"))
		got := string(<-st.events)
		if n := strings.Count(got, "event: change"); n != 2 || time.Since(started) != liveGather {
			t.Errorf("%d events after %s: %q", n, time.Since(started), got)
		}
		for i := range liveMost + 1 {
			hub.notify(authTokenChange(string(rune('a' + i))))
		}
		if got := string(<-st.events); got != "event: change\ndata: {\"kind\":\"reconnected\"}\n\n" {
			t.Errorf("a storm tells %.200q", got)
		}
	})
}

func isEnded(st *liveStream) bool {
	select {
	case <-st.ended:
		return true
	default:
		return false
	}
}
