package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/handlers/live"
	"muster/models"
)

// liveChange is one event of the live stream.
type liveChange struct {
	Kind, RegistrationToken, AuthToken, Fragments string
}

// stream is an open live stream, read as it comes.
type stream struct {
	t       testing.TB
	changes chan liveChange
	ended   chan struct{} // closed when the server ends it
}

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// listen opens the live stream and returns once it is open.
func (b *browser) listen() *stream {
	b.w.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.w.t.Context()))
	b.w.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.w.base+"/admin/events", http.NoBody)
	must(b.w.t, err)
	response, err := b.client.Do(r)
	must(b.w.t, err)
	b.w.t.Cleanup(func() { _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		b.w.t.Fatalf("the stream answers %d %s", response.StatusCode, kind)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() && lines.Text() != "event: open" { // up to the greeting
	}
	s := &stream{t: b.w.t, changes: make(chan liveChange, 1000), ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "{}" {
				var change liveChange
				if err := json.Unmarshal([]byte(data), &change); err != nil {
					change.Kind = "unreadable: " + data
				}
				s.changes <- change
			}
		}
	}()
	return s
}

// next waits for the next change of that kind.
func (s *stream) next(kind string) liveChange {
	s.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case change := <-s.changes:
			if change.Kind == kind {
				return change
			}
		case <-timeout:
			s.t.Fatalf("no %s came", kind)
		}
	}
}

// wantsEnd waits until the server ends the stream.
func (s *stream) wantsEnd() {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Fatal("the stream stays open")
	}
}

func TestEvents_TellOfARedemptionWithoutPersonalData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("for alice@contoso.example", 3)
	streams := []*stream{w.login("helpdesk").listen(), w.login("admin").listen()}
	w.redeem(secret, "alice@contoso.example", "pc1")
	for _, s := range streams {
		got := s.next("registration-token-redeemed")
		if got.RegistrationToken != token.ID || !strings.Contains(got.Fragments, "registration-token-"+token.ID) {
			t.Errorf("event %+v", got)
		}
		for _, personal := range []string{"alice", "198.51.100", "pc1", "00:53"} {
			if strings.Contains(got.Fragments, personal) {
				t.Errorf("the stream shows %q: %s", personal, got.Fragments)
			}
		}
	}
}

func TestEvents_NameTheAuthTokenThatChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, secret := w.registrationToken("Lab", 5)
	first, second := w.redeem(secret, "alice", "pc1"), w.redeem(secret, "bob", "pc2")
	s := w.login("helpdesk").listen()
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), first.AuthToken.ID, "lost", false))
	must(t, w.service.DeleteAuthToken(t.Context(), w.admin(), second.AuthToken.ID, "lost", false))
	deleted := map[string]bool{}
	for range 2 {
		got := s.next("auth-token-deleted")
		if got.RegistrationToken != token.ID {
			t.Errorf("event %+v", got)
		}
		deleted[got.AuthToken] = true
	}
	if !deleted[first.AuthToken.ID] || !deleted[second.AuthToken.ID] {
		t.Errorf("deleted %v", deleted)
	}
	third := w.redeem(secret, "carol", "pc3")
	_, err := w.service.Refresh(t.Context(), third.RefreshToken, w.admin().Origin)
	must(t, err)
	if got := s.next("auth-token-changed"); got.AuthToken != third.AuthToken.ID {
		t.Errorf("event %+v", got)
	}
}

func TestEvents_EndAtLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, other := w.login("admin"), w.login("admin")
	s, stays := admin.listen(), other.listen()
	admin.post("/auth/logout", nil).wants(http.StatusSeeOther)
	s.wantsEnd()
	_, secret := w.registrationToken("Lab", 1)
	w.redeem(secret, "alice", "pc1")
	stays.next("registration-token-redeemed") // the same person elsewhere is still signed in
	admin.get("/admin/events").wants(http.StatusUnauthorized)
}

func TestEvents_EndWhenTheServerStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.login("admin")
	s := admin.listen()
	w.server.Drain()
	s.wantsEnd()
	if refused := admin.get("/admin/events").wants(http.StatusServiceUnavailable); refused.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	must(t, w.http.Config.Shutdown(ctx))
}

// However many sessions a person has.
func TestEvents_OldestOfAPersonGivesWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign := w.login("helpdesk").listen()
	sessions := []*browser{w.login("admin"), w.login("admin"), w.login("admin")}
	var streams []*stream
	for i := range 17 {
		streams = append(streams, sessions[i%3].listen())
	}
	streams[0].next("superseded") // and is told not to come back
	streams[0].wantsEnd()
	_, secret := w.registrationToken("Lab", 1)
	w.redeem(secret, "alice", "pc1")
	for _, s := range append(streams[1:], foreign) {
		s.next("registration-token-redeemed")
	}
}

// BenchmarkLive_500Browsers and `bench -only live` are the same at scale.
func TestEvents_ManyPagesGetTheLastCountOfAStorm(t *testing.T) {
	t.Parallel()
	const pages, redeemers, each = 40, 5, 40
	w := newWorld(t)
	w.server.LimitStreams(live.Limits{Total: pages, Person: pages, Address: pages})
	token, secret := w.registrationToken("Rollout", redeemers*each)
	admin := w.login("admin")
	var open []*stream
	for range pages {
		open = append(open, admin.listen())
	}
	var storm sync.WaitGroup
	for i := range redeemers {
		storm.Go(func() {
			for j := range each {
				w.redeem(secret, fmt.Sprintf("person%d", i), fmt.Sprintf("pc-%d-%d", i, j))
			}
		})
	}
	storm.Wait()
	told := 0
	for i, s := range open {
		for count := 0; count < redeemers*each; {
			change := s.next("registration-token-redeemed")
			told++
			n, err := strconv.Atoi(shownCount.FindStringSubmatch(change.Fragments)[1])
			must(t, err)
			if n < count {
				t.Errorf("page %d shows %d after %d", i, n, count)
			}
			count = n
		}
	}
	if most := pages * redeemers * each / 4; told > most {
		t.Errorf("%d pages were told %d times of %d redemptions", pages, told, redeemers*each)
	}
	part := "/admin/registration-tokens/" + token.ID + "?section=uses"
	if first, again := admin.reload(part), admin.reload(part); first.body != again.body || !strings.Contains(first.body, "pc-") {
		t.Error("the list is not the same for all")
	}
}

// One that comes back without a pause is told to wait; its pages try again by themselves.
func TestEvents_WhoComesBackWithoutAPauseIsToldToWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign, storm := w.login("helpdesk").listen(), w.login("admin")
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	defer cancel()
	opens := func(at *browser) *http.Response {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/admin/events", http.NoBody)
		must(t, err)
		response, err := at.client.Do(r)
		must(t, err)
		t.Cleanup(func() { _ = response.Body.Close() })
		return response
	}
	for range 300 {
		if answer := opens(storm); answer.StatusCode != http.StatusOK {
			t.Fatalf("a browser is answered %s", answer.Status)
		}
	}
	if answer := opens(w.login("admin")); answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" {
		t.Errorf("one too many is answered %s, Retry-After %q", answer.Status, answer.Header.Get("Retry-After"))
	}
	if n := w.server.Watchers(); n > 1+16 {
		t.Errorf("%d are open", n)
	}
	_, secret := w.registrationToken("Lab", 1)
	w.redeem(secret, "alice", "pc1")
	foreign.next("registration-token-redeemed")
	w.clock.Advance(time.Minute)
	storm.listen()
}

func TestEvents_TooManyInAllAreTurnedAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.LimitStreams(live.Limits{Total: 2, Person: 2})
	first, late := w.login("admin"), w.login("helpdesk")
	kept := first.listen()
	first.listen()
	ctx, cancel := context.WithTimeout(t.Context(), patience) // let in, it would never end
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/admin/events", http.NoBody)
	must(t, err)
	refused := late.send(r).wants(http.StatusServiceUnavailable)
	if refused.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if n := w.server.Watchers(); n != 2 {
		t.Errorf("%d watch", n)
	}
	_, secret := w.registrationToken("Lab", 1)
	w.redeem(secret, "alice", "pc1")
	kept.next("registration-token-redeemed")
	first.post("/auth/logout", nil).wants(http.StatusSeeOther)
	kept.wantsEnd()
	late.listen() // there is room again
}

func TestEvents_TellHowManyRequestsAreOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token, _ := w.registrationToken("Rollout", 5)
	stream := w.login("admin").listen()
	asked, err := w.service.AskRequest(t.Context(), w.admin(), models.NewRequest{
		RegistrationTokenID: token.ID, Remedy: models.RequestedRemedy{Kind: models.RemedyRaise, Count: new(2)}, Reason: "for ann@corp.example",
	})
	must(t, err)
	told := stream.next("request-changed")
	if told.RegistrationToken != token.ID || !regexp.MustCompile(`<span id="open-requests" class="[^"]*">1`).MatchString(told.Fragments) || strings.Contains(told.Fragments, "ann") {
		t.Errorf("the browser is told %+v", told)
	}
	_, err = w.service.WithdrawRequest(t.Context(), w.admin(), asked.ID)
	must(t, err)
	if told := stream.next("request-changed"); !regexp.MustCompile(`<span id="open-requests" class="[^"]*" hidden>`).MatchString(told.Fragments) {
		t.Errorf("the browser is told %+v", told)
	}
}
