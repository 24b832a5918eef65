package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"strconv"
	"strings"
	"time"

	"muster/models"
	"muster/models/store"
)

// signIn makes that many sessions, each of another helpdesk person, and returns their
// cookies. They are written to the database: the development provider knows three people,
// and one person may not have so many pages open.
func signIn(ctx context.Context, databaseURL string, n int) (cookies []string, err error) {
	db, err := store.Open(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // all is committed
	now := time.Now().UTC().Truncate(time.Microsecond)
	for i := range n {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails
		digest := sha256.Sum256(secret)
		name := fmt.Sprintf("person%d", i)
		err := db.CreateSession(ctx, &models.Session{
			Digest: digest[:], Issuer: "https://bench.example", Subject: name, Name: name, Role: models.RoleHelpdesk,
			SealedIDToken: []byte{}, CreatedAt: now, LastActiveAt: now, ExpiresAt: now.Add(time.Hour),
		}, models.AuditEvent{ID: fmt.Sprintf("bench-%d", i), OccurredAt: now, ActorName: name, Action: models.AuditLogin}, models.AuditEvent{})
		if err != nil {
			return nil, err
		}
		cookies = append(cookies, "muster-session="+base64.RawURLEncoding.EncodeToString(secret))
	}
	return cookies, nil
}

// page is an open page of the registration token, in a browser of its own.
type page struct {
	run     *liveRun
	number  int
	cookie  string
	ctx     context.Context // ends when the page is left
	stream  io.ReadCloser
	changed chan struct{}
}

func (r *liveRun) open(ctx context.Context, number int, cookie string) (*page, error) {
	pg := &page{run: r, number: number, cookie: cookie, ctx: ctx, changed: make(chan struct{}, 1)}
	answer, err := pg.get(ctx, &http.Client{Transport: &http.Transport{}}, "/admin/events")
	if err != nil {
		return nil, err
	}
	pg.stream = answer.Body
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("a stream is answered %s", answer.Status)
	}
	return pg, nil
}

// pooled is a client with as many connections as a proxy keeps.
func pooled() *http.Client {
	const most = 400
	return &http.Client{Transport: &http.Transport{MaxConnsPerHost: most, MaxIdleConnsPerHost: most, DisableCompression: true}}
}

func (pg *page) get(ctx context.Context, client *http.Client, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+pg.run.p.address+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Cookie", pg.cookie)
	request.Header.Set("HX-Request", "true")
	request.Header.Set("Muster-Background", "1")
	return client.Do(request)
}

var shownCount = regexp.MustCompile(`>\s*([0-9,]+)\s*<`)

// follow reads the stream until the page is left.
func (pg *page) follow() {
	defer func() { _ = pg.stream.Close() }()
	lines := bufio.NewScanner(pg.stream)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		var message struct{ Fragments string }
		if !ok || json.Unmarshal([]byte(data), &message) != nil {
			continue
		}
		found := shownCount.FindStringSubmatch(message.Fragments)
		if found == nil {
			continue
		}
		count, err := strconv.Atoi(strings.ReplaceAll(found[1], ",", ""))
		if err == nil && pg.run.shown(pg.number, count) {
			select {
			case pg.changed <- struct{}{}:
			default:
			}
		}
	}
	if pg.ctx.Err() == nil {
		pg.run.mu.Lock()
		pg.run.dropped++
		pg.run.mu.Unlock()
	}
}

// reload asks for the parts of the page as our script does: soon after the first change,
// then ever more seldom while it goes on.
func (pg *page) reload() {
	self := "/admin/registration-tokens/" + pg.run.hot.ID + "?section=uses"
	for pause := 200 * time.Millisecond; ; pause = min(max(2*pause, time.Second), 16*time.Second) {
		select {
		case <-pg.ctx.Done():
			return
		case <-pg.changed:
		}
		select {
		case <-pg.ctx.Done():
			return
		case <-time.After(pause):
		}
		for _, part := range []string{self + "&whole=1", self} {
			if !pg.load(part) {
				return
			}
		}
	}
}

// load asks for a part; false when the page was left meanwhile.
func (pg *page) load(part string) bool {
	var started time.Time
	ctx := httptrace.WithClientTrace(pg.ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { started = time.Now() }})
	answer, err := pg.get(ctx, pg.run.parts, part)
	if err == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
	if pg.ctx.Err() != nil {
		return false
	}
	pg.run.mu.Lock()
	defer pg.run.mu.Unlock()
	switch {
	case err != nil:
		pg.run.failure = err
	case answer.StatusCode != http.StatusOK || answer.Header.Get("Muster-Status") != "":
		pg.run.failure = fmt.Errorf("a part of a page is answered %s %s", answer.Status, answer.Header.Get("Muster-Status"))
	}
	pg.run.reloads++
	pg.run.reloadTimes = append(pg.run.reloadTimes, time.Since(started))
	return true
}
