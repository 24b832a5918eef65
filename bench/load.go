package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// answerWithin is how long a client waits for an answer.
const answerWithin = 30 * time.Second

// caller is one client: a connection of its own that is kept. It does little more than
// write and read, since it uses the processors that the servers need: with the client
// of net/http, half of what was measured was the bench.
type caller struct {
	p       *program
	conn    net.Conn // nil until something is asked
	answers *bufio.Reader
	request bytes.Buffer
}

func newCaller(p *program) *caller { return &caller{p: p} }

func (c *caller) close() {
	if c.conn != nil {
		_ = c.conn.Close() // nothing is expected of it any more
		c.conn = nil
	}
}

// call sends a body and reads the answer into out, which may be nil. Another status
// than want is an error that quotes the answer.
func (c *caller) call(ctx context.Context, method, path, kind, credential string, body []byte, want int, out any) error {
	status, text, err := c.exchange(ctx, method, path, kind, credential, body)
	if err != nil {
		c.close()
		return fmt.Errorf("%s: %s %s: %w", c.p.name, method, path, err)
	}
	if status != want {
		return fmt.Errorf("%s: %s %s answers %d: %.300s", c.p.name, method, path, status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

func (c *caller) exchange(ctx context.Context, method, path, kind, credential string, body []byte) (status int, text []byte, err error) {
	if c.conn == nil {
		if c.conn, err = new(net.Dialer).DialContext(ctx, "tcp", c.p.address); err != nil {
			return 0, nil, err
		}
		c.answers = bufio.NewReader(c.conn)
	}
	if err := c.conn.SetDeadline(time.Now().Add(answerWithin)); err != nil {
		return 0, nil, err
	}
	c.request.Reset()
	fmt.Fprintf(&c.request, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", method, path, c.p.address, len(body))
	if kind != "" {
		c.request.WriteString("Content-Type: " + kind + "\r\n")
	}
	if credential != "" {
		c.request.WriteString("Authorization: Bearer " + credential + "\r\n")
	}
	c.request.WriteString("\r\n")
	c.request.Write(body)
	if _, err := c.conn.Write(c.request.Bytes()); err != nil {
		return 0, nil, err
	}
	answer, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return 0, nil, err
	}
	text, err = io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return 0, nil, err
	}
	if answer.Close {
		c.close()
	}
	return answer.StatusCode, text, nil
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
	// behind is how long the server went on with what it had left to do, later what of
	// the processor that took for one operation.
	behind, later time.Duration
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
	if p.settled != nil {
		if err := p.settled(ctx); err != nil && t.failure == nil {
			t.failure = err
		}
		t.behind, t.later = time.Since(after.at), (read(p).server-after.server)/time.Duration(max(1, t.done))
	}
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
