package handlers_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"muster/models"
	"muster/models/store/storetest"
	"muster/tokens"
)

// onEveryDatabase runs a test on SQLite and on PostgreSQL: what the first
// stores without a word, such as a NUL, the second may refuse.
func onEveryDatabase(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	storetest.OnEach(t, func(t *testing.T, databaseURL string) { test(t, newWorldOn(t, databaseURL)) })
}

// target is a call that reads a body, with one it accepts.
type target struct {
	*script
	method, path, body string
}

// stage is a world with something of everything, and what it looked like.
type stage struct {
	w      *world
	token  *models.RegistrationToken
	secret models.Secret
	issued string
	refs   string
	asked  string
	code   string
	admin  *script
	before string
}

func newStage(w *world) *stage {
	w.t.Helper()
	s := &stage{w: w, admin: w.as("admin")}
	s.token, s.secret = w.registrationToken("Lab", 1000)
	issued := w.redeem(s.secret, "alice", "pc1")
	s.issued, s.refs = issued.AuthToken.ID, issued.RefreshToken.Reveal()
	s.asked = s.ask("raise")
	_, err := w.service.Redeem(w.t.Context(), tokens.RedeemRequest{Secret: "no secret of ours", Claimed: models.ClaimedIdentity{FQDN: "pc2"}})
	refused, ok := errors.AsType[*models.Error](err)
	if !ok || refused.SupportCode == "" {
		w.t.Fatalf("redeeming without a secret: %v", err)
	}
	s.code = refused.SupportCode
	s.before = s.state()
	return s
}

// ask makes a request, and returns its id.
func (s *stage) ask(kind models.RemedyKind) string {
	s.w.t.Helper()
	remedy := models.RequestedRemedy{Kind: kind, Count: new(5)}
	r, err := s.w.service.AskRequest(s.w.t.Context(), s.w.admin(), models.NewRequest{RegistrationTokenID: s.token.ID, Remedy: remedy, Reason: "more people"})
	must(s.w.t, err)
	return r.ID
}

func (s *stage) state() string {
	s.w.t.Helper()
	var all strings.Builder
	for _, path := range []string{apiRegs, apiAuth, apiRequests} {
		all.WriteString(s.admin.call(http.MethodGet, path+"?pageSize=500", nil).wants(http.StatusOK).raw)
	}
	return all.String()
}

// unchanged fails when anything is other than it was.
func (s *stage) unchanged() {
	s.w.t.Helper()
	if now := s.state(); now != s.before {
		s.w.t.Errorf("something was consumed or changed:\n%s\nbefore:\n%s", now, s.before)
	}
}

func (s *stage) targets() []target {
	whole := `{"registrationToken":{"identifier":"Lab","count":1000,"expirationDate":"2026-12-01","isEnabled":true,"refId1":"a","refId2":"b","note":"n","customer":{"id":"default"}}}`
	note := `{"note":{"text":"t","ticket":"INC-1"}}`
	return []target{
		{
			s.admin, http.MethodPost, apiRequests,
			`{"request":{"registrationTokenId":"` + s.token.ID + `","remedy":{"kind":"delete","count":1,"request":{"ids":["` + s.issued + `"],"returnCount":true,"expected":1}},"reason":"r","ticket":"INC-1"}}`,
		},
		{
			s.admin, http.MethodPost, apiRequests,
			`{"request":{"registrationTokenId":"` + s.token.ID + `","remedy":{"kind":"give_back","count":1,"request":{"filter":{"registrationToken":"` + s.token.ID + `","finding":"unused_seats"},"returnCount":true,"expected":1}},"reason":"r"}}`,
		},
		{s.admin, http.MethodPost, apiRequests, `{"request":{"registrationTokenId":"` + s.token.ID + `","remedy":{"kind":"extend","expirationDate":"2026-12-31"},"reason":"r"}}`},
		{s.admin, http.MethodPost, apiRequests + "/" + s.asked + "/decline", `{"reason":"r"}`},
		{s.admin, http.MethodPost, apiRequests + "/" + s.asked + "/approve", `{"remedy":{"count":5}}`},
		{s.admin, http.MethodPost, apiRegs + "/" + s.token.ID + "/notes", note},
		{s.admin, http.MethodPost, apiAuth + "/" + s.issued + "/notes", note},
		{s.admin, http.MethodPost, "/token/api/v5/refusedAttempts/" + s.code + "/notes", note},
		{s.admin, http.MethodPost, apiRegs, whole},
		{s.admin, http.MethodPatch, apiRegs + "/" + s.token.ID, whole},
		{s.admin, http.MethodPut, apiRegs + "/" + s.token.ID, whole},
		{s.admin, http.MethodPost, apiRegs + "/" + s.token.ID + "/replace", whole},
		{s.admin, http.MethodPost, apiRegs + "/lookup", `{"token":"x"}`},
		{s.admin, http.MethodPatch, apiAuth + "/" + s.issued, `{"authToken":{"identifier":"i","refId1":"a","refId2":"b"}}`},
		{s.admin, http.MethodPost, apiAuth + "/delete", `{"ids":["` + s.issued + `"],"reason":"r","returnCount":true,"dryRun":false,"expected":1}`},
		{
			s.admin, http.MethodPost, apiAuth + "/delete",
			`{"filter":{"registrationToken":"` + s.token.ID + `","systemUserName":"alice","fqdn":"pc1","macAddress":"m","identifier":"i","refId1":"a","refId2":"b","ip":"192.0.2.1","state":"live"},"reason":"r","returnCount":true,"dryRun":false,"expected":1}`,
		},
		{
			s.w.script("Bearer " + s.secret.Reveal()), http.MethodPost, apiAuth,
			`{"authToken":{"systemUserName":"alice","fqdn":"pc1","macAddress":"m","identifier":"i","refId1":"a","refId2":"b"}}`,
		},
	}
}

// wrongValues fit no member of any body.
var wrongValues = []string{
	`[[]]`, `1e400`, `99999999999999999999999`, `-1`, `1.5`, `"a\u0000b"`, `"a\u202eb"`, `"\ud800"`, "\"\xff\"", "\"\xc0\xaf\"", `{"deep":{"deep":[{}]}}`,
	`NaN`, `0x10`, `01`, `'a'`, "\"a\nb\"", `"` + strings.Repeat("x", 5000) + `"`,
	strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000), strings.Repeat(`{"a":`, 2500) + `1` + strings.Repeat(`}`, 2500), strings.Repeat(`[`, 12000),
}

// spoiled are copies of a body, each with one member replaced by the value.
// Replacing the wrapper is replacing a member, too.
func spoiled(t *testing.T, body, value string) []string {
	t.Helper()
	const here = `"@@"`
	var all []string
	var walk func(node object, whole func() object)
	walk = func(node object, whole func() object) {
		for _, name := range slices.Sorted(maps.Keys(node)) {
			old := node[name]
			node[name] = "@@"
			text, err := json.Marshal(whole())
			must(t, err)
			all = append(all, strings.Replace(string(text), here, value, 1))
			node[name] = old
			if inner, ok := old.(object); ok {
				walk(inner, whole)
			}
		}
	}
	var root object
	must(t, json.Unmarshal([]byte(body), &root))
	walk(root, func() object { return root })
	return all
}

// asProblem fails unless the answer is a problem of the kind 4xx with a code.
func (r *reply) asProblem(about string) {
	r.t.Helper()
	if r.status < 400 || r.status >= 500 || r.header.Get("Content-Type") != "application/problem+json" || r.text("code") == "" || r.text("detail") == "" {
		r.t.Errorf("%s with %.300q: status %d\n%.500s", r.name, about, r.status, r.raw)
	}
}

func TestCorpus_NoMemberTakesWhatItCannotBe(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(t *testing.T, w *world) {
		s := newStage(w)
		for _, to := range s.targets() {
			for _, value := range wrongValues {
				for _, body := range spoiled(t, to.body, value) {
					to.call(to.method, to.path, body).asProblem(body)
				}
			}
			for _, body := range spoiled(t, to.body, `null,"unknown":1`) {
				to.call(to.method, to.path, body).asProblem(body)
			}
			for _, twice := range doubled(t, to.body) {
				to.call(to.method, to.path, twice).asProblem(twice)
			}
		}
		s.unchanged()
	})
}

// doubled are copies of a body, each with one member given twice, once in
// another spelling of the same name.
func doubled(t *testing.T, body string) []string {
	t.Helper()
	var all []string
	for _, copied := range spoiled(t, body, "@@") {
		at := strings.Index(copied, "@@")
		start := strings.LastIndexByte(copied[:at-2], '"')
		name := copied[start+1 : at-2]
		for _, again := range []string{name, `\u00` + hex(name[0]) + name[1:]} {
			all = append(all, strings.Replace(copied, "@@", `"x","`+again+`":"y"`, 1))
		}
	}
	return all
}

func hex(b byte) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[b>>4], digits[b&15]})
}

// A null may be meant, so it is not always refused; it is never a fault of
// ours, and no deletion takes it for left out.
func TestCorpus_NullIsJudgedEverywhere(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(t *testing.T, w *world) {
		s := newStage(w)
		for _, to := range s.targets() {
			for _, body := range spoiled(t, to.body, `null`) {
				got := to.call(to.method, to.path, body)
				if got.status >= 300 || to.path == apiAuth+"/delete" {
					got.asProblem(body)
				}
			}
		}
	})
}

func TestCorpus_BodiesOfAnotherKind(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(t *testing.T, w *world) {
		s := newStage(w)
		for _, to := range s.targets() {
			for kind, body := range map[string]string{
				"text/plain": "count=7", "application/xml": "<registrationToken/>", "application/x-www-form-urlencoded": "count=7&fqdn=pc1",
				"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"count\"\r\n\r\n7\r\n--x--\r\n",
				";;;":                             "\x00\x01", "application/json; charset=utf-16": "\xfe\xff\x00{\x00}", "application/cbor": "\xa1\x61a\x01",
				"application/json": "\xef\xbb\xbf" + to.body,
			} {
				r, err := http.NewRequestWithContext(t.Context(), to.method, w.base+to.path, strings.NewReader(body))
				must(t, err)
				r.Header.Set("Content-Type", kind)
				r.Header.Set("Authorization", to.credential)
				to.send(r).asProblem(kind)
			}
			r, err := http.NewRequestWithContext(t.Context(), to.method, w.base+to.path, io.MultiReader(strings.NewReader(strings.Repeat(" ", 100<<10)+to.body)))
			must(t, err)
			r.Header.Set("Authorization", to.credential)
			to.send(r).refuses(http.StatusRequestEntityTooLarge, "too_large")
		}
		s.unchanged()
	})
}

// wrongTexts, percent-encoded, are no value of any parameter and no id.
var wrongTexts = []string{"%00", "a%00b", "%ff", "%c3%28", "%e2%80%ae", "%0d%0aX-A:b", "%ed%a0%80", strings.Repeat("a", 5000)}

func TestCorpus_ParametersAndIDs(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(t *testing.T, w *world) {
		s := newStage(w)
		for path, names := range map[string][]string{
			apiRegs:                           {"identifier", "refId1", "refId2", "status", "customer", "pageSize", "pageToken", "total", "sortByAsc", "sortByDesc"},
			apiAuth:                           {"registrationToken", "systemUserName", "fqdn", "macAddress", "identifier", "refId1", "refId2", "ip", "state", "pageSize", "pageToken", "sortByAsc", "sortByDesc"},
			apiRequests:                       {"state", "registrationToken", "pageSize", "pageToken", "sortByAsc"},
			apiRequests + "/" + s.asked:       {"x"},
			apiRegs + "/" + s.token.ID:        {"x"},
			apiAuth + "/" + s.issued:          {"x"},
			"/token/api/v5/idpConfigurations": {"x"},
		} {
			for _, name := range names {
				for _, value := range append(wrongTexts, "", "x&"+name+"=x", "%zz", "x;y") {
					s.admin.call(http.MethodGet, path+"?"+name+"="+value, nil).asProblem(name + "=" + value)
				}
			}
			for _, name := range wrongTexts {
				s.admin.call(http.MethodGet, path+"?"+name+"=x", nil).asProblem(name)
			}
		}
		for _, query := range []string{"reason=%00", "reason=%ff", "reason=" + strings.Repeat("r", 501), "returnCount=%00", "returnCount=1", "returnCount=", "x=1"} {
			s.admin.call(http.MethodDelete, apiAuth+"/"+s.issued+"?"+query, nil).asProblem(query)
		}
		for _, query := range []string{"authTokens=%00", "authTokens=", "authTokens=all", "authTokens=keep&authTokens=delete", "x=1"} {
			s.admin.call(http.MethodDelete, apiRegs+"/"+s.token.ID+"?"+query, nil).asProblem(query)
		}
		for _, route := range w.server.Routes() {
			if route.Page || !strings.Contains(route.Path, ":id") {
				continue
			}
			for _, id := range wrongTexts {
				s.admin.call(route.Method, strings.ReplaceAll(route.Path, ":id", id), nil).refuses(http.StatusNotFound, models.CodeNotFound)
			}
		}
		s.unchanged()
	})
}

// Pages are read and posted by anybody with a session, not only by their
// forms: no text in an address or a field may be our fault.
func TestCorpus_PagesNeverFail(t *testing.T) {
	t.Parallel()
	onEveryDatabase(t, func(t *testing.T, w *world) {
		s := newStage(w)
		b := w.login("admin")
		fields := []string{
			"identifier", "count", "note", "refId1", "refId2", "expirationDate", "expiryPreset", "reason", "nonce", "id", "expected", "authTokens", "action", "column", "by",
			"returnCount", "registrationToken", "systemUserName", "fqdn", "macAddress", "idempotencyKey", "customer", "q", "page", "section", "status",
			"state", "sort", "code", "error", "return_to", "name", "email", "actor", "action", "from", "to",
		}
		for _, route := range w.server.Routes() {
			if !route.Page || strings.HasSuffix(route.Path, "*") || route.Path == "/admin/events" || route.Path == "/auth/logout" {
				continue
			}
			for _, id := range []string{s.token.ID, s.issued, "%00", "%ff"} {
				path := strings.ReplaceAll(route.Path, ":id", id)
				for _, text := range []string{"\x00", "a\xffb", "\u202e", strings.Repeat("9", 400), "-1"} {
					form := url.Values{}
					for _, field := range fields {
						form.Set(field, text)
					}
					got := b.do(route.Method, path+map[bool]string{true: "?" + form.Encode()}[route.Method == http.MethodGet], form)
					if got.status >= http.StatusInternalServerError {
						t.Errorf("%s %s with %.20q: %d\n%s", route.Method, path, text, got.status, squeeze(got.doc.Text()))
					}
				}
				if path == route.Path {
					break
				}
			}
		}
	})
}
