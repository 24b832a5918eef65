package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
)

// TestMask_LeavesNoAddressAnywhere plants addresses in every field and reads
// everything that the helpdesk can read: every route there is, so also those
// to come, and every link on its pages. To show that the walk finds them at
// all, an administrator walks as well.
func TestMask_LeavesNoAddressAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	planted := canaries{}
	live := w.login("helpdesk").listen()
	ids := planted.plant(w)

	helpdesk := &walk{w: w, account: "helpdesk", role: models.RoleHelpdesk, ids: ids, planted: planted, seen: map[string]string{}}
	helpdesk.everywhere()
	for canary, where := range helpdesk.seen {
		t.Errorf("%s shows %s (%s)", where, canary, planted[canary])
	}
	live.next("auth-token-deleted")
	for len(live.changes) > 0 {
		change := <-live.changes
		for canary := range planted {
			if strings.Contains(change.Kind+change.Fragments, canary) {
				t.Errorf("the live stream shows %s (%s)", canary, planted[canary])
			}
		}
	}

	admin := &walk{w: w, account: "admin", role: models.RoleAdmin, ids: ids, planted: planted, seen: map[string]string{}}
	admin.everywhere()
	for canary, field := range planted {
		// Of somebody turned away the e-mail says who it was.
		if admin.seen[canary] == "" && field != "refused's subject" && field != "unknown's subject" {
			t.Errorf("the walk never comes by %s (%s)", canary, field)
		}
	}
}

// walk is one account that reads all it can.
type walk struct {
	w       *world
	account string
	role    models.Role
	ids     []string
	planted canaries
	// seen says where each canary was seen first.
	seen map[string]string

	page, part *browser
	bearer     string
	queue      []string
	visited    map[string]bool
	kinds      map[string]int
}

// walkKindMost bounds how many pages of one kind are read; more are alike.
const walkKindMost = 12

func (k *walk) everywhere() {
	k.w.t.Helper()
	k.page = k.w.login(k.account)
	htmx := *k.page
	htmx.htmx = true
	k.part, k.bearer = &htmx, "Bearer "+k.w.accessToken(k.account)
	k.visited, k.kinds = map[string]bool{}, map[string]int{}
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
	paths := []string{path}
	for _, id := range k.ids {
		if strings.Contains(path, ":id") {
			paths = append(paths, strings.ReplaceAll(path, ":id", id))
		} else {
			paths = append(paths, path+"?id="+id, path+"?code="+id)
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

// read reads a path in each way there is, and notes where it leads.
func (k *walk) read(path string) (answered bool) {
	if k.visited[path] || k.kinds[pageKind(path)] >= walkKindMost {
		return false
	}
	k.visited[path] = true
	k.kinds[pageKind(path)]++
	r, err := http.NewRequestWithContext(k.w.t.Context(), http.MethodGet, k.w.base+path, http.NoBody)
	must(k.w.t, err)
	r.Header.Set("Authorization", k.bearer)
	for _, a := range []*answer{k.page.get(path), k.part.get(path), k.w.browser().send(r)} {
		k.look(path, a)
		answered = answered || a.status == http.StatusOK
	}
	return answered
}

// look notes the canaries of an answer, and what it leads to.
func (k *walk) look(path string, a *answer) {
	text := a.body
	for name, values := range a.header {
		text += "\n" + name + ": " + strings.Join(values, " ")
	}
	for canary := range k.planted {
		if k.seen[canary] == "" && (strings.Contains(text, canary) || strings.Contains(text, url.QueryEscape(canary))) {
			k.seen[canary] = path
		}
	}
	lead := func(to string) {
		if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/static/") && !strings.HasPrefix(to, "/dev/") {
			to, _, _ = strings.Cut(to, "#")
			k.queue = append(k.queue, to)
		}
	}
	lead(a.leadsTo())
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

// posts reads what is answered to a POST that changes nothing: exports, and
// the search of the desk.
func (k *walk) posts() {
	k.w.t.Helper()
	for _, list := range []string{registrationTokens, authTokens, auditPage} {
		k.look(list+" export", k.page.post(list+"/export", nil).wants(http.StatusOK))
	}
	for _, asked := range []string{"of", "of c", "c", "ca", "203.0", "corp.example"} {
		k.look("search for "+asked, k.page.post("/admin/investigate", url.Values{"query": {asked}}))
	}
}
