package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestMetrics_OnTheirOwnListener(t *testing.T) {
	t.Parallel()
	m := newMetrics()
	m.observe("/admin/registration-tokens/:id", "GET", 200, time.Millisecond)
	m.observe("", "BREW", 404, time.Millisecond)
	server := httptestServer(t, m.handler())
	response, err := http.Get(server + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`muster_http_requests_total{method="GET",route="/admin/registration-tokens/:id",status="200"} 1`,
		`muster_http_requests_total{method="other",route="none",status="404"} 1`,
		"go_goroutines",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

// measured is a running server whose metrics are read.
type measured struct {
	running
	t       *testing.T
	metrics string // its address
}

func newMeasured(t *testing.T, b *bench) measured {
	t.Helper()
	b.vars["MUSTER_METRICS_LISTEN"] = "127.0.0.1:0"
	server := b.serve("--dev")
	found := regexp.MustCompile(`msg=metrics address=(\S+)`).FindStringSubmatch(server.logs.String())
	if found == nil {
		t.Fatalf("the log does not say where the metrics are:\n%s", server.logs)
	}
	return measured{server, t, "http://" + found[1] + "/metrics"}
}

// read returns the value of each series, by name and labels.
func (m measured) read() map[string]float64 {
	m.t.Helper()
	response, err := http.Get(m.metrics)
	if err != nil {
		m.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	series := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		at := strings.LastIndexByte(strings.TrimSpace(line), ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		if series[line[:at]], err = strconv.ParseFloat(strings.TrimSpace(line[at:]), 64); err != nil {
			m.t.Fatalf("%q: %v", line, err)
		}
	}
	return series
}

// moved is by how much each series grew while do was done.
func (m measured) moved(do func()) map[string]float64 {
	m.t.Helper()
	before := m.read()
	do()
	grown := map[string]float64{}
	for name, value := range m.read() {
		if by := value - before[name]; by != 0 {
			grown[name] = by
		}
	}
	return grown
}

// registrationToken makes one, with the password of the development provider.
func (r running) registrationToken(t *testing.T, count int) (secret string) {
	t.Helper()
	var login struct {
		AccessToken string `json:"access_token"`
	}
	r.call(t, "POST", "/realms/muster/protocol/openid-connect/token", "", url.Values{
		"grant_type": {"password"}, "client_id": {"muster-cli"}, "scope": {"openid"}, "username": {"admin"}, "password": {"admin"},
	}.Encode(), http.StatusOK, &login)
	var created struct {
		RegistrationToken struct{ Token string }
	}
	r.call(t, "POST", "/token/api/v5/registrationTokens", login.AccessToken, `{"registrationToken":{"count":`+strconv.Itoa(count)+`}}`, http.StatusCreated, &created)
	return created.RegistrationToken.Token
}

func TestMetrics_MoveWithWhatHappens(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := newMeasured(t, b)
	secret := m.registrationToken(t, 1)
	_, key, _ := b.run("apikey", "create", "--name", "verifier", "--scope", "introspect")
	key = strings.TrimSpace(key)
	var issued struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	const path, who = "/token/api/v5/authTokens", `{"authToken":{"systemUserName":"amara"}}`
	for _, step := range []struct {
		name string
		do   func()
		want []string // of these each grows by one
	}{
		{"a redemption", func() { m.call(t, "POST", path, secret, who, http.StatusCreated, &issued) }, []string{
			`muster_redemptions_total{outcome="granted"}`,
			`muster_commit_changes_count{of="redemptions"}`, `muster_commit_changes_sum{of="redemptions"}`, `muster_commit_duration_seconds_count{of="redemptions"}`,
			`muster_http_requests_total{method="POST",route="/token/api/v5/authTokens",status="201"}`,
		}},
		{"a refusal", func() { m.call(t, "POST", path, secret, who, http.StatusConflict, nil) }, []string{
			`muster_redemptions_total{outcome="registration_token_exhausted"}`,
		}},
		{"a mistyped secret", func() { m.call(t, "POST", path, "mrt_wrong", who, http.StatusUnauthorized, nil) }, []string{
			`muster_redemptions_total{outcome="registration_token_mistyped"}`,
		}},
		{"a body with nobody", func() {
			m.call(t, "POST", path, m.registrationToken(t, 1), `{"authToken":{}}`, http.StatusUnprocessableEntity, nil)
		}, []string{`muster_redemptions_total{outcome="invalid_request"}`}},
		{"a verification", func() { m.call(t, "POST", "/oauth2/introspect", key, "token="+issued.AccessToken, http.StatusOK, nil) }, []string{
			`muster_verifications_total{outcome="active"}`,
		}},
		{"a verification of nothing", func() { m.call(t, "POST", "/oauth2/introspect", key, "token=nothing", http.StatusOK, nil) }, []string{
			`muster_verifications_total{outcome="inactive"}`,
		}},
		{"a refresh", func() {
			m.call(t, "POST", "/oauth2/token", "", "grant_type=refresh_token&refresh_token="+issued.RefreshToken, http.StatusOK, nil)
		}, []string{`muster_refreshes_total{outcome="granted"}`, `muster_commit_changes_count{of="refreshes"}`}},
		{"a wrong refresh token", func() {
			m.call(t, "POST", "/oauth2/token", "", "grant_type=refresh_token&refresh_token=mrf_wrong", http.StatusBadRequest, nil)
		}, []string{`muster_refreshes_total{outcome="refresh_token_invalid"}`}},
	} {
		grown := m.moved(step.do)
		for _, name := range step.want {
			if grown[name] != 1 {
				t.Errorf("%s: %s grew by %v", step.name, name, grown[name])
			}
		}
		for name := range grown {
			if strings.Contains(name, "outcome=") && !slices.Contains(step.want, name) {
				t.Errorf("%s moves %s", step.name, name)
			}
		}
	}
	again := m.registrationToken(t, 1)
	grown := m.moved(func() {
		for range 2 {
			r, err := http.NewRequestWithContext(t.Context(), "POST", m.base+path, strings.NewReader(who))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+again)
			r.Header.Set("Idempotency-Key", "0123456789abcdef")
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
		}
	})
	for _, outcome := range []string{"granted", "replayed"} {
		if n := grown[`muster_redemptions_total{outcome="`+outcome+`"}`]; n != 1 {
			t.Errorf("a redemption and its retry: %v %s", n, outcome)
		}
	}
	now := m.read()
	for name, want := range map[string]float64{
		`muster_live_watchers`: 0, `muster_commit_queue{of="redemptions"}`: 0, `muster_commit_queue{of="refreshes"}`: 0,
		`muster_database_connections_max{pool="write"}`: 1, `muster_database_connections_max{pool="read"}`: 4,
		`muster_database_connections_max{pool="hot"}`: 2,
	} {
		if got, ok := now[name]; !ok || got != want {
			t.Errorf("%s is %v, %t", name, got, ok)
		}
	}
}

// What operators are given to load names nothing that is not there.
func TestMetrics_DashboardAndAlertsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	m := newMeasured(t, newBench(t))
	m.call(t, "POST", "/token/api/v5/authTokens", m.registrationToken(t, 1), `{"authToken":{"systemUserName":"amara"}}`, http.StatusCreated, nil)
	there := map[string]bool{"up": true} // Prometheus's own
	labels := map[string]bool{"job": true, "instance": true, "le": true}
	for series := range m.read() {
		name, rest, _ := strings.Cut(series, "{")
		there[name] = true
		for _, label := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(rest, -1) {
			labels[label[1]] = true
		}
	}
	var board struct {
		UID    string
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	content := document(t, "grafana-dashboard.json")
	if err := json.Unmarshal([]byte(content), &board); err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	look := func(where, expression string) {
		for _, name := range regexp.MustCompile(`\b(up|(?:muster|process|go)_\w+)(?:[{\[) ]|$)`).FindAllStringSubmatch(expression, -1) {
			named[name[1]] = true
			if !there[name[1]] {
				t.Errorf("%s names %s, which no server has", where, name[1])
			}
		}
		for _, by := range regexp.MustCompile(`by \(([^)]*)\)|(\w+)(?:=~|!=|=)"`).FindAllStringSubmatch(expression, -1) {
			for label := range strings.SplitSeq(by[1]+by[2], ",") {
				if !labels[strings.TrimSpace(label)] {
					t.Errorf("%s asks for the label %q, which no series has", where, label)
				}
			}
		}
	}
	for _, panel := range board.Panels {
		if len(panel.Targets) == 0 {
			t.Errorf("%s shows nothing", panel.Title)
		}
		for _, target := range panel.Targets {
			look(panel.Title, target.Expr)
		}
	}
	rules := strings.Split(document(t, "alerts.yaml"), "- alert: ")[1:]
	for _, rule := range rules {
		name, body, _ := strings.Cut(rule, "\n")
		before, _, whole := strings.Cut(body, "labels: {severity: ")
		if !strings.Contains(before, "expr: ") || !whole || !strings.Contains(body, "summary: ") {
			t.Errorf("%s lacks a part", name)
		}
		look(name, before)
	}
	if board.UID == "" || len(board.Panels) < 10 || len(rules) < 6 {
		t.Errorf("%d panels, %d rules", len(board.Panels), len(rules))
	}
	for name := range there {
		if family := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count"); strings.HasPrefix(name, "muster_") &&
			!named[name] && !named[family+"_bucket"] && !named[family+"_sum"] {
			t.Errorf("%s is on no panel and in no rule", name)
		}
	}
}

func document(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
