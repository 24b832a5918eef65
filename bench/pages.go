package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Pages are found as people find them: by following links and filling in forms, from
// the overview on. So none can be forgotten. Of addresses that differ in ids alone the
// first counts, but for those about the registration token with the most uses.

// hotLabel is that of the registration token with a tenth of all uses.
const hotLabel = "Contoso rollout, everybody"

// visit is a page, a file or an answer to a question.
type visit struct {
	name string // the address, without ids
	ask  func(ctx context.Context) (*shown, error)
}

// measured is how long the visit took, and what it cost the processors, in the median of
// those that were warm.
type measured struct {
	name       string
	took, cost time.Duration
	status     int
}

// tour finds and measures the pages of one server.
type tour struct {
	p     *program
	b     *browser
	hot   string
	terms map[string]string // what is searched for, by what it stands for
	seen  map[string]bool
	queue []visit
	pages []measured
	// each tells of a page when it was measured.
	each func(measured)
}

func newTour(ctx context.Context, p *program, each func(measured)) (*tour, error) {
	b, err := newBrowser(ctx, p)
	if err != nil {
		return nil, err
	}
	t := &tour{p: p, b: b, seen: map[string]bool{}, each: each}
	var tokens struct {
		RegistrationTokens struct {
			RegistrationToken []struct {
				ID string `json:"id"`
			} `json:"registrationToken"`
		} `json:"registrationTokens"`
	}
	if err := ask(ctx, p, "/token/api/v5/registrationTokens?identifier="+url.QueryEscape(hotLabel), &tokens); err != nil {
		return nil, err
	}
	if len(tokens.RegistrationTokens.RegistrationToken) != 1 {
		return nil, fmt.Errorf("there is no registration token %q", hotLabel)
	}
	t.hot = tokens.RegistrationTokens.RegistrationToken[0].ID
	var uses struct {
		AuthTokens struct {
			AuthToken []struct {
				User string `json:"systemUserName"`
				Host string `json:"fqdn"`
				MAC  string `json:"macAddress"`
				IP   string `json:"ip"`
			} `json:"authToken"`
		} `json:"authTokens"`
	}
	if err := ask(ctx, p, "/token/api/v5/authTokens?pageSize=50&registrationToken="+t.hot, &uses); err != nil {
		return nil, err
	}
	t.terms = map[string]string{
		"RARE": "zephyr", "COMMON": "modeler", "COMMONER": "contoso", "MISSING": "nosuchword", "BEGUN": "zeph", "SHORT": "se", "TWO": "modeler anna", "LABEL": "training course",
	}
	for _, u := range uses.AuthTokens.AuthToken {
		if u.User != "" && u.Host != "" && u.MAC != "" && u.IP != "" {
			t.terms["USER"], t.terms["HOST"], t.terms["MAC"], t.terms["IP"] = u.User, u.Host, u.MAC, u.IP
		}
	}
	return t, nil
}

func ask(ctx context.Context, p *program, path string, out any) error {
	c := newCaller(p)
	defer c.close()
	var text json.RawMessage
	if err := c.call(ctx, http.MethodGet, path, "", p.apiKey, nil, http.StatusOK, &text); err != nil {
		return err
	}
	return json.Unmarshal(text, out)
}

// run measures everything that can be reached.
func (t *tour) run(ctx context.Context) error {
	for _, address := range []string{"/admin", "/admin/registration-tokens/" + t.hot, "/admin/auth-tokens?registrationToken=" + t.hot} {
		t.link(address)
	}
	for len(t.queue) > 0 && ctx.Err() == nil {
		next := t.queue[0]
		t.queue = t.queue[1:]
		if err := t.measure(ctx, next); err != nil {
			return fmt.Errorf("%s: %w", next.name, err)
		}
	}
	return ctx.Err()
}

// measure visits once to be warm, and then for the time; what is slow only once more,
// and not again where that would be too long to wait for.
func (t *tour) measure(ctx context.Context, v visit) error {
	const slow, patience, rounds = time.Second, 5 * time.Second, 3
	before := ran(t.p)
	first, err := v.ask(ctx)
	if err != nil {
		return err
	}
	var times, costs []float64
	if first.took > patience {
		times, costs = append(times, float64(first.took)), append(costs, float64(ran(t.p)-before))
	}
	for range rounds {
		if first.took > patience {
			break
		}
		before := ran(t.p)
		again, err := v.ask(ctx)
		if err != nil {
			return err
		}
		times, costs = append(times, float64(again.took)), append(costs, float64(ran(t.p)-before))
		if again.took > slow {
			break
		}
	}
	m := measured{v.name, time.Duration(median(times)), time.Duration(median(costs)), first.status}
	t.pages = append(t.pages, m)
	t.each(m)
	if first.page == nil {
		return nil
	}
	for _, address := range linksOf(first) {
		t.link(address)
	}
	for _, f := range formsOf(first) {
		t.form(f)
	}
	return nil
}

// link adds an address, if it has something that none before it had.
func (t *tour) link(address string) {
	name, fresh := t.fresh(address)
	if fresh && strings.HasPrefix(address, "/admin") {
		t.add(name, func(ctx context.Context) (*shown, error) { return t.b.get(ctx, address) })
	}
}

// form adds what a form can ask: each choice, and each kind of term in a search.
func (t *tour) form(f form) {
	switch {
	case f.method == "get":
		for _, term := range t.terms {
			if f.search != "" {
				t.filled(f, url.Values{f.search: {term}})
			}
		}
		for _, chosen := range combinations(f) {
			for _, name := range f.text {
				if f.search == "" {
					chosen.Set(name, t.terms["COMMONER"])
				}
			}
			t.filled(f, chosen)
		}
	case f.class == "export":
		if name, fresh := t.fresh(f.action + "?" + f.values.Encode()); fresh {
			t.add(name, func(ctx context.Context) (*shown, error) { return t.b.post(ctx, f.action, f.values) })
		}
	case f.action == "/admin/investigate" && slices.Equal(f.text, []string{"query"}):
		for kind, term := range t.terms {
			if name := "/admin/investigate, looked up: " + kind; !t.seen[name] {
				t.seen[name] = true
				t.add(name, func(ctx context.Context) (*shown, error) { return t.b.post(ctx, f.action, url.Values{"query": {term}}) })
			}
		}
	}
}

func (t *tour) filled(f form, with url.Values) {
	values := url.Values{}
	for _, some := range []url.Values{f.values, with} {
		for name, all := range some {
			values[name] = all
		}
	}
	t.link(f.action + "?" + values.Encode())
}

func (t *tour) add(name string, ask func(ctx context.Context) (*shown, error)) {
	t.queue = append(t.queue, visit{name, ask})
}

// combinations are the choices of a form: all with all where these are few, else each
// by itself.
func combinations(f form) []url.Values {
	const few = 60
	all := []url.Values{{}}
	for _, c := range f.choices {
		var more []url.Values
		for _, option := range c.options {
			for _, before := range all {
				with := url.Values{c.name: {option}}
				for name, values := range before {
					with[name] = values
				}
				more = append(more, with)
			}
		}
		if all = more; len(all) > few {
			break
		}
	}
	if len(all) <= few {
		return all
	}
	all = nil
	for _, c := range f.choices {
		for _, option := range c.options {
			all = append(all, url.Values{c.name: {option}})
		}
	}
	return all
}

var idPattern = regexp.MustCompile(`\b[0-9a-hjkmnp-tv-z]{26}\b`)

// named is an address without ids and what is as good as one.
func (t *tour) named(address string) string {
	u, err := url.Parse(strings.ReplaceAll(address, t.hot, "HOT"))
	if err != nil {
		return address
	}
	query := u.Query()
	for name, values := range query {
		for i, value := range values {
			switch {
			case name == "match":
				values[i] = t.named("?" + value)[1:]
			case len(value) > 40 || name == "from" || name == "to" || name == "of" || name == "code":
				values[i] = "…"
			default:
				values[i] = t.kindOf(value)
			}
		}
	}
	text, _ := url.QueryUnescape(query.Encode())
	if text != "" {
		text = "?" + text
	}
	return idPattern.ReplaceAllString(u.Path+text, ":id")
}

// kindOf is what a term stands for.
func (t *tour) kindOf(value string) string {
	for kind, term := range t.terms {
		if value == term {
			return kind
		}
	}
	return value
}

// fresh reports whether an address has a path, or a value of a parameter there, that
// none before it had.
func (t *tour) fresh(address string) (name string, fresh bool) {
	name = t.named(address)
	path, query, _ := strings.Cut(name, "?")
	if strings.Contains(query, "HOT") {
		path += " of HOT"
	}
	for part := range strings.SplitSeq("&"+query, "&") {
		if of := path + "?" + part; !t.seen[of] {
			t.seen[of], fresh = true, true
		}
	}
	return name, fresh
}
