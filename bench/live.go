package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// liveRedeemers are how many clients redeem while pages are open.
const liveRedeemers = 32

// settled is how long after the last redemption the newest count is on every page.
const settled = 2 * time.Second

// livePlan is many open pages of one registration token that is redeemed at a rate.
type livePlan struct {
	streams, rate int
	length        time.Duration
	// elsewhere opens the pages at another replica than the one that is redeemed at.
	elsewhere bool
}

// liveRun is one measurement.
type liveRun struct {
	*livePlan
	p   *program // where the pages are open
	at  *program // where is redeemed
	hot *hotToken
	// parts asks for parts of pages over few connections, as a proxy does for browsers.
	parts *http.Client

	mu sync.Mutex
	// acknowledged has the time of each redemption's answer, in their order.
	acknowledged []time.Time
	ages         []time.Duration // how old what a page showed was when it changed
	last         []int           // the count that each page shows
	dropped      int             // streams that the server ended
	reloads      int             // parts of pages that browsers asked for
	reloadTimes  []time.Duration
	failure      error
}

// measure opens the pages, redeems, and prints what they showed when.
func (l *livePlan) measure(ctx context.Context, b *build, database string, out io.Writer) error {
	at, err := b.startMuster(ctx, database, b.newName())
	if err != nil {
		return err
	}
	defer at.stop()
	p := at
	if l.elsewhere && database == "postgres" {
		if p, err = b.startReplica(ctx, at); err != nil {
			return err
		}
		defer p.stop()
	}
	hot, err := newHotToken(ctx, at)
	if err != nil {
		return err
	}
	people, err := signIn(ctx, at.databaseURL, l.streams)
	if err != nil {
		return err
	}
	run := &liveRun{livePlan: l, p: p, at: at, hot: hot, parts: pooled(), last: make([]int, l.streams)}
	watching, leave := context.WithCancel(ctx)
	defer leave()
	idle, _ := memory(p.process.Process.Pid)
	var pages sync.WaitGroup
	for i, cookie := range people {
		page, err := run.open(watching, i, cookie)
		if err != nil {
			return err
		}
		pages.Go(page.follow)
		pages.Go(page.reload)
	}
	opened, _ := memory(p.process.Process.Pid)
	before := read(p)
	run.redeemAtRate(ctx)
	after := read(p)
	_, most := memory(p.process.Process.Pid)
	select {
	case <-ctx.Done():
	case <-time.After(settled):
	}
	leave()
	pages.Wait()
	if err := errors.Join(ctx.Err(), run.failure); err != nil {
		return err
	}
	if err := proveBooks(ctx, at, hot, len(run.acknowledged)); err != nil {
		return err
	}
	run.print(out, database, idle, opened, most, before, after)
	return nil
}

// redeemAtRate starts a redemption at each beat, unless the server is a second behind, and
// waits for all answers.
func (r *liveRun) redeemAtRate(ctx context.Context) {
	beats := make(chan struct{}, r.rate)
	var all sync.WaitGroup
	for range liveRedeemers {
		all.Go(func() {
			c := newCaller(r.at)
			defer c.close()
			for range beats {
				_, err := r.hot.redeem(ctx, c)
				r.mu.Lock()
				if err == nil {
					r.acknowledged = append(r.acknowledged, time.Now())
				} else {
					r.failure = err
				}
				r.mu.Unlock()
			}
		})
	}
	start := time.Now()
	for i := range int(r.length.Seconds() * float64(r.rate)) {
		select {
		case <-ctx.Done():
		case <-time.After(time.Until(start.Add(time.Duration(i) * time.Second / time.Duration(r.rate)))):
		}
		select {
		case beats <- struct{}{}:
		default:
		}
	}
	close(beats)
	all.Wait()
}

// shown notes that a page shows a count, and tells whether it is a newer one.
func (r *liveRun) shown(page, count int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.last[page]
	if count <= seen {
		return false
	}
	// What has no answer yet is as new as can be.
	if seen < len(r.acknowledged) {
		r.ages = append(r.ages, time.Since(r.acknowledged[seen]))
	}
	r.last[page] = count
	return true
}

func (r *liveRun) print(out io.Writer, database string, idle, opened, most int64, before, after reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.Sort(r.ages)
	slices.Sort(r.reloadTimes)
	at := func(of []time.Duration, q float64) time.Duration {
		if len(of) == 0 {
			return 0
		}
		return of[min(len(of)-1, int(q*float64(len(of))))].Round(time.Millisecond)
	}
	behind := 0
	for _, count := range r.last {
		if count < len(r.acknowledged) {
			behind++
		}
	}
	took := after.at.Sub(before.at).Seconds()
	const megabyte = 1 << 20
	fmt.Fprintf(out, "live, %s: %d pages open, %.0f of %d redemptions a second for %.0f s\n", database, r.streams, float64(len(r.acknowledged))/took, r.rate, took)
	fmt.Fprintf(out, "  age of the count that a page shows: p50 %s, p99 %s, at most %s; %d of %d pages lack the last count; %d streams were ended\n",
		at(r.ages, 0.5), at(r.ages, 0.99), at(r.ages, 1), behind, r.streams, r.dropped)
	fmt.Fprintf(out, "  parts of pages asked for: %d, p50 %s, p99 %s\n", r.reloads, at(r.reloadTimes, 0.5), at(r.reloadTimes, 0.99))
	fmt.Fprintf(out, "  memory of the server: %d MB before, %d MB with the pages, at most %d MB\n", idle/megabyte, opened/megabyte, most/megabyte)
	fmt.Fprintf(out, "  processors: server %.2f, database %.2f, bench %.2f, others %.2f\n",
		(after.server-before.server).Seconds()/took, (after.database-before.database).Seconds()/took,
		(after.ourselves-before.ourselves).Seconds()/took, after.strangers(before))
}
