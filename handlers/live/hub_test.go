package live

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

func TestHub_SlowReaderIsDroppedAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hub := NewHub(Config{Now: time.Now})
		slow, quick := hub.open([]byte("slow")), hub.open([]byte("quick"))
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
		st := hub.open([]byte("session"))
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

func isEnded(st *stream) bool {
	select {
	case <-st.ended:
		return true
	default:
		return false
	}
}
