package handlers_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/handlers/live"
	"muster/models"
)

const (
	watchers       = 500
	stormPerSecond = 200
	stormSeconds   = 5
)

// BenchmarkLive_500Browsers has 500 people look at one registration token
// while 200 redemptions a second take its counts. It reports how old the
// count is that they see: from the commit of a redemption until it, or a later
// one, stands in a browser. The pages reload their parts as live.js does.
func BenchmarkLive_500Browsers(b *testing.B) {
	w := newWorld(b)
	w.server.LimitStreams(live.Limits{Total: watchers, Person: watchers, Address: watchers}) // they are one person
	token, secret := w.registrationToken("Rollout", models.MaxCount)
	people := make([]*browser, watchers)
	for some := range slices.Chunk(people, 50) { // more may not sign in within a minute
		var group sync.WaitGroup
		for i := range 4 {
			group.Go(func() {
				for n := i; n < len(some); n += 4 {
					some[n] = w.login("admin")
				}
			})
		}
		group.Wait()
		w.clock.Advance(time.Minute)
	}
	before := memory()
	for b.Loop() {
		s := newStorm(b, w, token)
		for i, person := range people {
			if i%200 == 0 {
				w.clock.Advance(time.Minute) // one person may not open more within one
			}
			s.watch(person)
		}
		took := s.blow(secret)
		ages := s.end()
		if len(ages) < watchers {
			b.Fatalf("only %d counts were seen", len(ages))
		}
		slices.Sort(ages)
		milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		b.ReportMetric(milliseconds(ages[len(ages)/2]), "p50-ms")
		b.ReportMetric(milliseconds(ages[len(ages)*99/100]), "p99-ms")
		b.ReportMetric(milliseconds(ages[len(ages)-1]), "max-ms")
		b.ReportMetric(stormPerSecond*stormSeconds/took.Seconds(), "redemptions/s")
		b.ReportMetric(float64(s.reloads), "reloads")
		b.ReportMetric(float64(s.most-before)/(1<<20), "heap-MB")
	}
}

func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// storm is one run: when each use was committed, and how old what was seen is.
type storm struct {
	b      *testing.B
	w      *world
	token  *models.RegistrationToken
	ctx    context.Context
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu        sync.Mutex
	committed []time.Time
	ages      []time.Duration
	reloads   int
	most      uint64
}

func newStorm(b *testing.B, w *world, token *models.RegistrationToken) *storm {
	s := &storm{b: b, w: w, token: token}
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(b.Context()))
	s.committed = make([]time.Time, w.usedCount(token.ID), 1<<16)
	return s
}

// watch opens the stream of a browser and follows it.
func (s *storm) watch(person *browser) {
	r, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.w.base+"/admin/events", http.NoBody)
	must(s.b, err)
	answer, err := person.client.Do(r)
	must(s.b, err)
	changed := make(chan struct{}, 1)
	start := len(s.committed)
	s.done.Go(func() {
		defer func() { _ = answer.Body.Close() }()
		s.follow(answer, start, changed)
	})
	s.done.Go(func() { s.reload(person, changed) })
}

var shownCount = regexp.MustCompile(`>\s*([0-9,]+)\s*<`)

func (s *storm) follow(answer *http.Response, seen int, changed chan<- struct{}) {
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var message struct{ Fragments string }
		if json.Unmarshal([]byte(data), &message) != nil || message.Fragments == "" {
			continue
		}
		count, err := strconv.Atoi(strings.ReplaceAll(shownCount.FindStringSubmatch(message.Fragments)[1], ",", ""))
		if err != nil || count <= seen {
			continue
		}
		now := time.Now()
		s.mu.Lock()
		if count <= len(s.committed) {
			s.ages = append(s.ages, now.Sub(s.committed[seen]))
			seen = count
		}
		s.mu.Unlock()
		select {
		case changed <- struct{}{}:
		default:
		}
	}
}

// reload fetches the parts of the page as live.js does: soon after the first
// change, then ever more seldom while the storm goes on.
func (s *storm) reload(person *browser, changed <-chan struct{}) {
	self := s.w.base + "/admin/registration-tokens/" + s.token.ID + "?section=uses"
	for pause := 200 * time.Millisecond; ; pause = min(max(2*pause, time.Second), 16*time.Second) {
		select {
		case <-s.ctx.Done():
			return
		case <-changed:
		}
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(pause):
		}
		for _, part := range []string{self + "&whole=1", self} {
			r, err := http.NewRequestWithContext(s.ctx, http.MethodGet, part, http.NoBody)
			must(s.b, err)
			r.Header.Set("HX-Request", "true")
			r.Header.Set("Muster-Background", "1")
			answer, err := person.client.Do(r)
			if err != nil {
				return // the run is over
			}
			_ = answer.Body.Close()
			s.mu.Lock()
			s.reloads++
			s.mu.Unlock()
		}
	}
}

// blow redeems at the rate of the storm, and returns how long it took.
func (s *storm) blow(secret models.Secret) time.Duration {
	start := time.Now()
	for i := range stormPerSecond * stormSeconds {
		time.Sleep(time.Until(start.Add(time.Duration(i) * time.Second / stormPerSecond)))
		s.w.redeem(secret, fmt.Sprintf("person%d", i), fmt.Sprintf("pc-%d.contoso.example", i))
		s.mu.Lock()
		s.committed = append(s.committed, time.Now())
		s.mu.Unlock()
		if i%stormPerSecond == 0 {
			s.most = max(s.most, memory())
		}
	}
	return time.Since(start)
}

// end waits until everybody has seen the last count, and returns the ages.
func (s *storm) end() []time.Duration {
	time.Sleep(2 * time.Second)
	s.cancel()
	s.done.Wait()
	return s.ages
}
