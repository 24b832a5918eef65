package handlers_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
	"muster/tokens"
)

// TestMask_LeavesNoAddressAnywhere plants addresses in every field and reads
// everything that the helpdesk can read, one row a page: every route there is,
// so also those to come, every link on its pages, exports, and the live stream.
// To show that the walk finds them at all, an administrator walks as well.
func TestMask_LeavesNoAddressAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.LimitPages(1)
	all := canaries{}
	live := w.login("helpdesk").listen()
	all.customers(w)
	ids := slices.Concat(all.plant(w, 0).ids, all.plant(w, 1).ids)

	helpdesk := &walk{w: w, account: "helpdesk", role: models.RoleHelpdesk, ids: ids, planted: all}
	helpdesk.everywhere()
	for canary, where := range helpdesk.seen {
		t.Errorf("%v shows %s (%s)", where, canary, all[canary])
	}
	all.notIn(live)

	admin := &walk{w: w, account: "admin", role: models.RoleAdmin, ids: ids, planted: all}
	admin.everywhere()
	for canary, field := range all {
		// Of somebody turned away the e-mail says who it was.
		if admin.seen[canary] == nil && field != "refused's subject" && field != "unknown's subject" {
			t.Errorf("the walk never comes by %s (%s)", canary, field)
		}
	}
}

// TestMask_AGrantShowsOneObjectOnItsOwnPage walks everywhere as somebody who is
// shown the addresses of one object of each kind for a while.
func TestMask_AGrantShowsOneObjectOnItsOwnPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.server.LimitPages(1)
	all := canaries{}
	granted := all.plant(w, 0)
	own := maps.Clone(all)
	other := all.plant(w, 1)

	helpdesk := &walk{w: w, account: "helpdesk", role: models.RoleHelpdesk, ids: slices.Concat(granted.ids, other.ids), planted: all}
	live := w.login("helpdesk").listen()
	for kind, id := range map[string]string{"registration_token": granted.registrationToken, "auth_token": granted.authToken, "refused_attempt": granted.supportCode} {
		w.login("helpdesk").post("/admin/addresses/show", url.Values{"objectKind": {kind}, "objectId": {id}}).wants(http.StatusSeeOther)
	}
	helpdesk.everywhere()
	all.notIn(live)
	pages := []string{registrationTokens + "/" + granted.registrationToken, authTokens + "/" + granted.authToken, "/admin/investigate?code=" + granted.supportCode}
	for canary, where := range helpdesk.seen {
		for _, path := range where {
			if !slices.ContainsFunc(pages, func(page string) bool { return strings.HasPrefix(path, page) }) {
				t.Errorf("%s shows %s (%s)", path, canary, all[canary])
			}
		}
		if own[canary] == "" {
			t.Errorf("%v shows %s (%s), which is of another object", where, canary, all[canary])
		}
	}
	// What was granted is there, on every part of the page.
	for _, field := range []string{"changed registration token's note", "live's e-mail", "refused's e-mail", "expected", "note about the expected", "live's program"} {
		for canary, f := range own {
			if f == field && helpdesk.seen[canary] == nil && !strings.HasPrefix(canary, "203.") {
				t.Errorf("%s (%s) is not shown", canary, field)
			}
		}
	}
}

// notIn fails when what the live stream told so far holds one of them.
func (c canaries) notIn(live *stream) {
	for len(live.changes) > 0 {
		change := <-live.changes
		for canary := range c.in(change.Kind + change.Fragments) {
			live.t.Errorf("the live stream shows %s (%s)", canary, c[canary])
		}
	}
}

// canaryPatterns find whatever may be one, also in an address. Each begins with a text
// of its own, which is found fast.
var canaryPatterns = []*regexp.Regexp{
	regexp.MustCompile(`canary[0-9]{3}`), regexp.MustCompile(`203\.0\.[0-9]+\.[0-9]+`), regexp.MustCompile(`2001:db8:7:[0-9]+::7`),
}

// in are the canaries that a text holds.
func (c canaries) in(text string) map[string]bool {
	found := map[string]bool{}
	text = strings.ReplaceAll(text, "%3A", ":")
	for _, pattern := range canaryPatterns {
		for _, candidate := range pattern.FindAllString(text, -1) {
			if c[candidate] != "" {
				found[candidate] = true
			}
		}
	}
	return found
}

// walk is one account that reads all it can.
type walk struct {
	w       *world
	account string
	role    models.Role
	ids     []string
	planted canaries
	// seen says where each canary was seen.
	seen map[string][]string
	// also looks at each answer; may be nil.
	also func(path string, a *answer)

	page, part *browser
	bearer     string
	queue      []string
	visited    map[string]bool
	kinds      map[string]int
}

// walkKindMost bounds how many pages of one kind are read; more are alike. Events are
// not: their pages show what actions say of themselves.
const (
	walkKindMost   = 20
	walkEventsMost = 100
)

func (k *walk) everywhere() {
	k.w.t.Helper()
	k.seen, k.visited, k.kinds = map[string][]string{}, map[string]bool{}, map[string]int{}
	k.page = k.w.login(k.account)
	htmx := *k.page
	htmx.htmx = true
	k.part, k.bearer = &htmx, "Bearer "+k.w.accessToken(k.account)
	for _, route := range k.w.server.Routes() {
		if route.Method == http.MethodGet && !strings.HasSuffix(route.Path, "*") && route.Path != "/admin/events" && !strings.HasPrefix(route.Path, "/dev/") {
			k.route(route.Path, route.Permission)
		}
	}
	for len(k.queue) > 0 {
		path := k.queue[0]
		k.queue = k.queue[1:]
		k.read(path)
	}
	k.posts()
}

// route reads a route with every id there is. One that answers with none of
// them would go unread: then it needs a planted object.
func (k *walk) route(path string, permission models.Permission) {
	k.w.t.Helper()
	ids := k.ids
	if path == auditEvents+":id" {
		ids = k.w.eventOfEach()
	}
	paths := []string{path}
	for _, id := range ids {
		switch {
		case strings.Contains(path, ":"):
			paths = append(paths, strings.NewReplacer(":id", id, ":code", id, ":name", "helpdesk").Replace(path))
		case tokens.ValidID(id):
			paths = append(paths, path+"?id="+id)
		default:
			paths = append(paths, path+"?code="+id)
		}
	}
	answered := false
	for _, path := range paths {
		answered = k.read(path) || answered
	}
	elsewhere := []string{"/auth/callback", "/vendor-logo", "/favicon.ico", "/", "/auth/login"} // lead on, or are not configured
	reads := k.role == models.RoleHelpdesk && models.Actor{Permissions: k.role.Permissions()}.Can(permission)
	if reads && !answered && !slices.Contains(elsewhere, path) && !strings.HasPrefix(path, "/my/") {
		k.w.t.Errorf("GET %s shows nothing: plant something for it", path)
	}
}

// walkKind is a path without its ids, its page and the values that pick one of
// many; those that choose another part of a page stay.
func walkKind(path string) string {
	path, query, _ := strings.Cut(path, "?")
	for _, part := range strings.Split(path, "/") {
		if len(part) == 26 {
			path = strings.Replace(path, part, ":id", 1)
		}
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return path + "?" + query
	}
	const longestChoice = 20 // an id is longer
	for name := range values {
		if !slices.Contains([]string{"section", "show", "state", "status", "by"}, name) || len(values.Get(name)) > longestChoice {
			values[name] = []string{"…"}
		}
	}
	return path + "?" + values.Encode()
}

// read reads a path in each way there is, and notes where it leads.
func (k *walk) read(path string) (answered bool) {
	most := walkKindMost
	if strings.HasPrefix(path, auditEvents) {
		most = walkEventsMost
	}
	if k.visited[path] || k.kinds[walkKind(path)] >= most {
		return false
	}
	k.visited[path] = true
	k.kinds[walkKind(path)]++
	r, err := http.NewRequestWithContext(k.w.t.Context(), http.MethodGet, k.w.base+path, http.NoBody)
	must(k.w.t, err)
	r.Header.Set("Authorization", k.bearer)
	answers := []*answer{k.w.browser().send(r)}
	if !strings.HasPrefix(path, "/token/") {
		answers = append(answers, k.page.get(path), k.part.get(path))
	}
	for _, a := range answers {
		k.look(path, a)
		answered = answered || a.status == http.StatusOK
	}
	return answered
}

// look notes the canaries of an answer, and what it leads to.
func (k *walk) look(path string, a *answer) {
	if k.also != nil {
		k.also(path, a)
	}
	text := a.body
	for name, values := range a.header {
		text += "\n" + name + ": " + strings.Join(values, " ")
	}
	text += pageTokens(text)
	for canary := range k.planted.in(text) {
		if !slices.Contains(k.seen[canary], path) {
			k.seen[canary] = append(k.seen[canary], path)
		}
	}
	lead := func(to string) {
		if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/static/") && !strings.HasPrefix(to, "/dev/") {
			to, _, _ = strings.Cut(to, "#")
			k.queue = append(k.queue, unselected(to))
		}
	}
	lead(a.leadsTo())
	lead(nextOfREST(path, a.body))
	a.doc.Find("[href], [hx-get]").Each(func(_ int, e *goquery.Selection) {
		lead(e.AttrOr("href", ""))
		lead(e.AttrOr("hx-get", ""))
	})
	a.doc.Find("form[method=get] option, form:not([method]) option").Each(func(_ int, e *goquery.Selection) {
		if action := e.Closest("form").AttrOr("action", ""); action != "" {
			lead(action + "?" + url.Values{e.Closest("select").AttrOr("name", ""): {e.AttrOr("value", "")}}.Encode())
		}
	})
}

// unselected is the address of a list under which nothing is selected: that changes no
// row, and each page is there as often as there are rows.
func unselected(address string) string {
	path, query, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(query)
	if path != registrationTokens && path != authTokens || err != nil || !values.Has("id") {
		return address
	}
	values.Del("id")
	return path + "?" + values.Encode()
}

var pageTokenPatterns = []*regexp.Regexp{regexp.MustCompile(`page=([A-Za-z0-9_-]+)`), regexp.MustCompile(`"nextPageToken":"([A-Za-z0-9_-]+)`)}

// pageTokens is what can be read of the page tokens in an answer.
func pageTokens(text string) string {
	var read strings.Builder
	for _, pattern := range pageTokenPatterns {
		for _, found := range pattern.FindAllStringSubmatch(text, -1) {
			if plain, err := base64.RawURLEncoding.DecodeString(found[1]); err == nil {
				read.WriteString("\n" + string(plain))
			}
		}
	}
	return read.String()
}

// nextOfREST is the following page of a REST list; empty when there is none.
func nextOfREST(path, body string) string {
	var lists map[string]struct {
		NextPageToken string `json:"nextPageToken"`
	}
	if !strings.HasPrefix(path, "/token/") || json.Unmarshal([]byte(body), &lists) != nil {
		return ""
	}
	path, _, _ = strings.Cut(path, "?")
	for _, list := range lists {
		if list.NextPageToken != "" {
			return path + "?pageToken=" + list.NextPageToken
		}
	}
	return ""
}

// posts reads what is answered to a POST that changes nothing: exports, and
// the search of the desk.
func (k *walk) posts() {
	k.w.t.Helper()
	for _, list := range []string{registrationTokens, authTokens, auditPage} {
		k.look(list+" export", k.page.post(list+"/export", nil).wants(http.StatusOK))
	}
	for _, asked := range []string{"of", "of c", "c", "ca", "203.0", "corp.example"} {
		k.look("search for "+asked, k.page.look(asked))
	}
}
