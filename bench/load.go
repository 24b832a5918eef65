package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// caller is one client: a connection of its own that is kept.
type caller struct {
	p    *program
	http *http.Client
}

func newCaller(p *program) *caller {
	return &caller{p, &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 30 * time.Second}}
}

func (c *caller) close() { c.http.CloseIdleConnections() }

// call sends a body and reads the answer into out, which may be nil. Another status
// than want is an error that quotes the answer.
func (c *caller) call(ctx context.Context, method, path, kind, credential string, body []byte, want int, out any) error {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+c.p.address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if credential != "" {
		request.Header.Set("Authorization", "Bearer "+credential)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != want {
		return fmt.Errorf("%s: %s %s answers %s: %.300s", c.p.name, method, path, answer.Status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

// turn is what one side did in one round.
type turn struct {
	done      int
	failed    int
	failure   error // the first
	rate      float64
	latencies []time.Duration // sorted
	processor time.Duration   // of the server, for one operation
	strangers float64
}

// drive lets every client do its operation again and again for a while.
func drive(ctx context.Context, p *program, clients []client, length time.Duration) turn {
	before := read(p)
	deadline := before.at.Add(length)
	var t turn
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, do := range clients {
		all.Go(func() {
			var mine turn
			for ctx.Err() == nil {
				started := time.Now()
				if started.After(deadline) {
					break
				}
				if err := do(ctx); err != nil {
					mine.failed++
					mine.failure = err
					continue
				}
				mine.latencies = append(mine.latencies, time.Since(started))
			}
			mu.Lock()
			defer mu.Unlock()
			t.failed += mine.failed
			if t.failure == nil {
				t.failure = mine.failure
			}
			t.latencies = append(t.latencies, mine.latencies...)
		})
	}
	all.Wait()
	after := read(p)
	slices.Sort(t.latencies)
	t.done = len(t.latencies)
	t.rate = float64(t.done) / after.at.Sub(before.at).Seconds()
	t.processor = (after.server - before.server) / time.Duration(max(1, t.done))
	t.strangers = after.strangers(before)
	return t
}

func (t turn) quantile(q float64) time.Duration {
	if t.done == 0 {
		return 0
	}
	return t.latencies[min(t.done-1, int(q*float64(t.done)))]
}
