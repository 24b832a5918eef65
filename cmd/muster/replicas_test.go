package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"muster/models/store/storetest"
)

const (
	redeemPath     = "/token/api/v5/authTokens"
	introspectPath = "/oauth2/introspect"
	// heardWithin is how old what another replica reads may be (rule 7).
	heardWithin = time.Second
)

// pair is two replicas on one PostgreSQL database.
type pair struct {
	t           *testing.T
	databaseURL string
	a, b        running
	benchB      *bench
}

// newPair starts both; the second reaches the database at another address, if any, and
// has another clock, if any.
func newPair(t *testing.T, addressB string, clockB func() time.Time) *pair {
	t.Helper()
	p := &pair{t: t, databaseURL: storetest.Postgres(t)}
	replica := func(name, address string) *bench {
		b := newBench(t)
		u, err := url.Parse(p.databaseURL)
		if err != nil {
			t.Fatal(err)
		}
		if address != "" {
			u.Host = address
		}
		u.RawQuery += "&application_name=" + name
		b.vars["MUSTER_DATABASE_URL"] = u.String()
		b.vars["MUSTER_MASTER_KEY"] = base64.StdEncoding.EncodeToString(make([]byte, 32))
		return b
	}
	p.benchB = replica("b", addressB)
	if clockB != nil {
		p.benchB.now = clockB
	}
	p.a, p.b = replica("a", "").serve("--dev"), p.benchB.serve("--dev")
	p.waitFor("both listen", `SELECT count(DISTINCT application_name) = 2 FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND state = 'idle'`)
	return p
}

// ask reads one value of the database.
func (p *pair) ask(query string) (value bool) {
	p.t.Helper()
	db, err := sql.Open("pgx", p.databaseURL)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(p.t.Context(), query).Scan(&value); err != nil {
		p.t.Fatal(err)
	}
	return value
}

func (p *pair) waitFor(what, query string) {
	p.t.Helper()
	for until := time.Now().Add(patience); !p.ask(query); <-time.After(10 * time.Millisecond) {
		if time.Now().After(until) {
			p.t.Fatal("it does not come to pass that " + what)
		}
	}
}

// changes are the kinds of what an open page is told, with the registration token.
func (r running) changes(t *testing.T, client *http.Client) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/admin/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the stream answers %s", response.Status)
	}
	told := make(chan string, 1000)
	opened := make(chan struct{})
	go func() {
		defer func() { _ = response.Body.Close() }()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			var message struct{ Kind, RegistrationToken, Fragments string }
			switch {
			case data == "{}":
				close(opened)
			case ok && json.Unmarshal([]byte(data), &message) == nil:
				told <- message.Kind
			}
		}
	}()
	<-opened
	return told
}

func wantsTold(t *testing.T, told <-chan string, kind string) {
	t.Helper()
	for timeout := time.After(patience); ; {
		select {
		case got := <-told:
			if got == kind {
				return
			}
		case <-timeout:
			t.Fatalf("no %s is told", kind)
		}
	}
}

func TestReplicas_PagesShowWhatTheOthersDo(t *testing.T) {
	t.Parallel()
	p := newPair(t, "", nil)
	secret := p.a.registrationToken(t, 10)
	told := p.b.changes(t, p.b.logIn(t, "helpdesk"))
	redeem := func() (refreshToken string) {
		var issued struct {
			RefreshToken string `json:"refresh_token"`
		}
		p.a.call(t, "POST", redeemPath, secret, `{"authToken":{"systemUserName":"amara"}}`, http.StatusCreated, &issued)
		return issued.RefreshToken
	}
	refreshToken := redeem()
	wantsTold(t, told, "registration-token-redeemed")
	p.a.call(t, "POST", "/oauth2/revoke", "", "token="+refreshToken, http.StatusOK, nil)
	wantsTold(t, told, "auth-token-deleted")

	// Who did not hear for a while takes it that anything may have changed.
	if !p.ask(`SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE (query LIKE 'LISTEN %' OR query = '-- ping') AND application_name = 'b'`) {
		t.Error("no connection of it listens, or was tried since")
	}
	wantsTold(t, told, "reconnected")
	redeem()
	wantsTold(t, told, "registration-token-redeemed")
}

// The second replica's clock stands still, so that nothing it remembers ends by itself.
func TestReplicas_ForgetAKeyThatAnotherOneRevoked(t *testing.T) {
	t.Parallel()
	still := time.Now()
	p := newPair(t, "", func() time.Time { return still })
	id, key := p.newKey()
	admin := p.a.logIn(t, "admin")
	ask := func(r running) int { return r.status(t, key) }
	if ask(p.a) != http.StatusOK || ask(p.b) != http.StatusOK {
		t.Fatal("the key is not accepted")
	}
	response, err := admin.PostForm(p.a.base+"/admin/api-keys/"+id+"/revoke", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	revoked := time.Now()
	if got := ask(p.a); got != http.StatusUnauthorized {
		t.Errorf("who revoked it answers %d", got)
	}
	for ask(p.b) != http.StatusUnauthorized {
		if time.Since(revoked) > patience {
			t.Fatal("the other one accepts it for ever")
		}
	}
}

// Whatever a replica remembers, it lets in nobody once it has not read the database for a
// second.
func TestReplicas_LetNobodyInWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	p := newPair(t, w.address, nil)
	_, key := p.newKey()
	if p.b.status(t, key) != http.StatusOK {
		t.Fatal("the key is not accepted")
	}
	var issued struct {
		AccessToken string `json:"access_token"`
	}
	secret := p.a.registrationToken(t, 10)
	p.b.call(t, "POST", redeemPath, secret, `{"authToken":{"systemUserName":"amara"}}`, http.StatusCreated, &issued)
	told := p.b.changes(t, p.b.logIn(t, "helpdesk"))
	w.cut()
	cut := time.Now()
	for late := false; !late; {
		late = time.Since(cut) > heardWithin // before it is asked
		if got := p.b.status(t, key); late && got != http.StatusServiceUnavailable {
			t.Errorf("a key is answered %d", got)
		}
	}
	p.b.call(t, "POST", introspectPath, key, "token="+issued.AccessToken, http.StatusServiceUnavailable, nil)
	p.b.call(t, "POST", redeemPath, secret, `{"authToken":{"systemUserName":"amara"}}`, http.StatusServiceUnavailable, nil)

	w.mend()
	wantsTold(t, told, "reconnected")
	for until := time.Now().Add(patience); p.b.status(t, key) != http.StatusOK; {
		if time.Now().After(until) {
			t.Fatal("it does not come back")
		}
	}
}

// newKey makes an API key for introspection.
func (p *pair) newKey() (id, key string) {
	p.t.Helper()
	code, key, said := p.benchB.run("apikey", "create", "--name", "verifier", "--scope", "introspect")
	if code != exitOK {
		p.t.Fatal(said)
	}
	_, listed, _ := p.benchB.run("apikey", "list")
	lines := strings.Split(strings.TrimSpace(listed), "\n")
	return strings.Fields(lines[len(lines)-1])[0], strings.TrimSpace(key)
}

// status is how an introspection of nothing is answered.
func (r running) status(t *testing.T, key string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.base+introspectPath, strings.NewReader("token=nothing"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// wire is a way to the test's PostgreSQL that can be cut.
type wire struct {
	address string

	mu    sync.Mutex
	isCut bool
	conns map[net.Conn]struct{}
}

func newWire(t *testing.T) *wire {
	t.Helper()
	u, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{address: l.Addr().String(), conns: map[net.Conn]struct{}{}}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(from, u.Host)
		}
	}()
	return w
}

func (w *wire) carry(from net.Conn, address string) {
	to, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", address)
	if err != nil {
		_ = from.Close()
		return
	}
	if !w.add(from, to) {
		_, _ = from.Close(), to.Close()
		return
	}
	go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
	_, _ = io.Copy(from, to)
	_ = from.Close()
}

// add keeps the connections for when they are cut; false once they are.
func (w *wire) add(conns ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range conns {
		w.conns[c] = struct{}{}
	}
	return !w.isCut
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = true
	for c := range w.conns {
		_ = c.Close()
	}
	clear(w.conns)
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.isCut = false
}
