package handlers_test

import (
	"cmp"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"muster/models"
	"muster/models/lists"
)

// foundForm is a form of a page, with one of its buttons.
type foundForm struct {
	page, method, action string
	address              string // of the page, with its query
	multipart            bool
	// htmx tells that scripts send it, too.
	htmx   bool
	fields []formField
	// button is the name and value that its button adds.
	button formField
	// state is the database in which the form stands.
	state *kept
}

// formField is one that a person fills in, or that the page filled in.
type formField struct {
	name, kind string // kind: text, hidden, checkbox, radio, select, file, …
	values     []string
}

// kind names forms that differ in ids only.
func (f *foundForm) kind() string {
	names := []string{f.route(), f.button.name + "=" + strings.Join(f.button.values, "")}
	for _, field := range f.fields {
		names = append(names, field.name)
	}
	return strings.Join(names, " ")
}

// formsOf reads the forms of a page as a browser does.
func formsOf(a *answer) []*foundForm {
	a.t.Helper()
	var forms []*foundForm
	a.doc.Find("form").Each(func(_ int, form *goquery.Selection) {
		found := foundForm{
			page: a.url.Path, address: a.url.RequestURI(), method: strings.ToUpper(form.AttrOr("method", http.MethodGet)),
			action:    a.resolve(form.AttrOr("action", a.url.String())),
			multipart: form.AttrOr("enctype", "") == "multipart/form-data",
		}
		_, found.htmx = form.Attr("hx-post")
		form.Find("input[name], textarea[name], select[name]").Each(func(_ int, input *goquery.Selection) {
			found.add(input)
		})
		buttons := form.Find("button[type=submit], button:not([type]), input[type=submit]")
		if buttons.Length() == 0 { // the enter key sends it
			forms = append(forms, &found)
		}
		buttons.Each(func(_ int, button *goquery.Selection) {
			f := found
			f.method = strings.ToUpper(button.AttrOr("formmethod", f.method))
			f.action = a.resolve(button.AttrOr("formaction", f.action))
			if name := button.AttrOr("name", ""); name != "" {
				f.button = formField{name: name, kind: "button", values: []string{button.AttrOr("value", "")}}
				f.fields = append(slices.Clone(f.fields), f.button)
			}
			forms = append(forms, &f)
		})
	})
	return forms
}

// add takes a field as it stands; of boxes that are all empty, the first is
// ticked, so that something is chosen.
func (f *foundForm) add(input *goquery.Selection) {
	field := formField{name: input.AttrOr("name", ""), kind: input.AttrOr("type", "text"), values: []string{input.AttrOr("value", "")}}
	switch goquery.NodeName(input) {
	case "textarea":
		field.kind, field.values[0] = "textarea", strings.TrimPrefix(input.Text(), "\n")
	case "select":
		chosen := input.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = input.Find("option").First()
		}
		field.kind, field.values[0] = "select", chosen.AttrOr("value", "")
	}
	_, checked := input.Attr("checked")
	known := slices.IndexFunc(f.fields, func(other formField) bool { return other.name == field.name })
	switch boxes := field.kind == "checkbox" || field.kind == "radio"; {
	case known >= 0 && (!boxes || checked):
		f.fields[known].values = append(f.fields[known].values, field.values...)
	case known >= 0:
	case boxes && !checked && input.Closest("form").Find(`[name="`+field.name+`"]`).Length() == 1:
		field.values = nil // an offer of its own
		f.fields = append(f.fields, field)
	default:
		f.fields = append(f.fields, field)
	}
}

// formFinder reads as one account what it can, and gathers the forms there.
type formFinder struct {
	w       *world
	past    *rewinder
	account string
	browser *browser
	secret  string // of a registration token
	visited map[string]bool
	kinds   map[string]int
	known   map[string]bool
	forms   []*foundForm
	// sender is the browser that sent a form last, sent how many there were.
	sender *browser
	sent   int
	minute time.Duration
}

// nobody is who is not signed in.
const nobody = "nobody"

func newFormFinder(t *testing.T, w *world, account string) *formFinder {
	t.Helper()
	seed := w.seedForms()
	k := &formFinder{
		w: w, account: account, browser: w.browser(), secret: seed.secret.Reveal(), minute: time.Minute,
		visited: map[string]bool{}, kinds: map[string]int{}, known: map[string]bool{},
	}
	if account != nobody {
		k.browser = w.login(account)
	}
	k.everywhere(seed.ids)
	return k
}

// How many pages of one route are read, and how many of those whose addresses
// differ in ids only.
const (
	pagesOfARoute = 40
	pagesAlike    = 3
)

var idInAddress = regexp.MustCompile(`[0-9a-z]{26}`)

// alike are the kinds of page that an address is of.
func alike(path string) []string {
	path = idInAddress.ReplaceAllString(path, ":id")
	route, _, _ := strings.Cut(path, "?")
	return []string{path, route + "?*"}
}

// enough reports whether enough pages like that were read.
func (k *formFinder) enough(path string) bool {
	kinds := alike(path)
	return k.kinds[kinds[0]] >= pagesAlike || k.kinds[kinds[1]] >= pagesOfARoute
}

func (k *formFinder) everywhere(ids []string) {
	k.w.t.Helper()
	var queue []string
	for _, route := range k.w.server.Routes() {
		if route.Method != http.MethodGet || !route.Page || strings.HasSuffix(route.Path, "*") || strings.HasPrefix(route.Path, "/dev/") || route.Path == "/admin/events" {
			continue
		}
		if !strings.Contains(route.Path, ":id") {
			queue = append(queue, route.Path)
			continue
		}
		for _, id := range ids {
			queue = append(queue, strings.ReplaceAll(route.Path, ":id", id))
		}
	}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if k.visited[path] || k.enough(path) {
			continue
		}
		k.visited[path] = true
		page := k.browser.follow(k.browser.get(path))
		if page.status == http.StatusNotFound {
			continue
		}
		for _, kind := range alike(path) {
			k.kinds[kind]++
		}
		k.gather(page)
		page.doc.Find("a[href], [hx-get]").Each(func(_ int, link *goquery.Selection) {
			to := link.AttrOr("hx-get", link.AttrOr("href", ""))
			if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/static/") && !strings.HasPrefix(to, "/dev/") {
				to, _, _ = strings.Cut(to, "#")
				queue = append(queue, to)
			}
		})
	}
}

// gather notes the forms that were not seen before.
func (k *formFinder) gather(page *answer) {
	k.w.t.Helper()
	for _, form := range formsOf(page) {
		if k.first(form.kind()) {
			k.forms = append(k.forms, form)
		}
	}
}

// keepState lets the forms that are new stand in the database as it is now:
// pages make the nonces of their forms.
func (k *formFinder) keepState() {
	k.w.t.Helper()
	var state *kept
	for _, form := range k.forms {
		if form.state == nil && state == nil {
			state = k.past.keep()
		}
		form.state = cmp.Or(form.state, state)
	}
}

// formSeed is what the forms are about.
type formSeed struct {
	ids    []string
	secret models.Secret
}

// seedForms makes one of everything that has forms of its own.
func (w *world) seedForms() formSeed {
	w.t.Helper()
	ctx, off := w.t.Context(), false
	lab, secret := w.registrationToken("Lab", 100)
	seed := formSeed{secret: secret, ids: []string{lab.ID}}
	add := func(ids ...string) { seed.ids = append(seed.ids, ids...) }
	for _, name := range []string{"ann", "bob", "carl"} {
		add(w.redeem(secret, name, name+"-pc.corp.example").AuthToken.ID)
	}
	expected := lists.ReadExpected("ann\ndora\nerika@contoso.example", lists.Choices{}).Entries
	expected[2].ByClaim = true
	_, err := w.service.SetAdmission(ctx, w.admin(), lab.ID, models.AdmissionSettings{Mode: models.ListAdd, Entries: expected})
	must(w.t, err)

	// Used up, and somebody waits.
	full, fullSecret := w.registrationToken("Full", 1)
	w.redeem(fullSecret, "ann", "ann-pc.corp.example")
	if _, err := w.service.Redeem(ctx, w.redeemRequest(fullSecret, "emil", "emil-pc.corp.example")); err == nil {
		w.t.Fatal("redeemed twice")
	}
	refused, err := w.store.RefusedAttempts(ctx, models.RefusedAttemptFilter{}, models.PageRequest{})
	must(w.t, err)
	w.clock.Advance(time.Second) // the newest is the one that forms choose; it can be replaced
	disabled, _ := w.registrationToken("Off", 5)
	_, err = w.service.UpdateRegistrationToken(ctx, w.admin(), disabled.ID, models.RegistrationTokenSettings{Enabled: &off})
	must(w.t, err)
	key, _, err := w.service.CreateAPIKey(ctx, w.admin(), "Robot", models.RoleHelpdesk, nil, nil)
	must(w.t, err)
	for kind, id := range map[models.RemedyKind]string{models.RemedyRaise: lab.ID, models.RemedyReplace: full.ID} {
		asked, err := w.service.AskRequest(ctx, w.admin(), models.NewRequest{
			RegistrationTokenID: id, Remedy: models.RequestedRemedy{Kind: kind, Count: new(2)}, Reason: "More come.",
		})
		must(w.t, err)
		add(asked.ID)
	}
	add(full.ID, refused.Items[0].SupportCode, disabled.ID, key.ID)

	// The end user's own.
	w.login("user").post("/redeem", url.Values{"registrationToken": {secret.Reveal()}, "systemUserName": {"user"}}).wants(http.StatusOK)
	all, err := w.store.AuthTokens(ctx, models.AuthTokenFilter{ClaimedIdentity: models.ClaimedIdentity{SystemUserName: "user"}}, models.PageRequest{}, w.clock.Now())
	must(w.t, err)
	add(all.Items[0].ID)
	return seed
}

// copyOf is a browser with the cookies that b has now.
func (b *browser) copyOf() *browser {
	b.w.t.Helper()
	jar, err := cookiejar.New(nil)
	must(b.w.t, err)
	home, err := url.Parse(b.w.base)
	must(b.w.t, err)
	jar.SetCookies(home, b.client.Jar.Cookies(home))
	client := *b.client
	client.Jar = jar
	return &browser{w: b.w, client: &client}
}

// route is the method and the pattern of the address that it is sent to.
func (f *foundForm) route() string {
	path, _, _ := strings.Cut(f.action, "?")
	u, err := url.Parse(path)
	if err != nil {
		return err.Error()
	}
	return f.method + " " + idInAddress.ReplaceAllString(u.Path, ":id")
}

func (f *foundForm) String() string { return f.route() + " (on " + f.page + ")" }
