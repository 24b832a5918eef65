package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// browser is an administrator who is logged in.
type browser struct {
	base   *url.URL
	client http.Client
}

// shown is what a browser got, and how long it took.
type shown struct {
	at   *url.URL // where it was led to
	page *html.Node
	// took is until the last byte of a page, first until the first.
	took, first time.Duration
	status      int
}

func newBrowser(ctx context.Context, p *program) (*browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	b := &browser{base: &url.URL{Scheme: "http", Host: p.address}, client: http.Client{Jar: jar, Timeout: answerWithin}}
	asked, err := b.get(ctx, "/auth/login?next=/admin")
	if err != nil {
		return nil, err
	}
	forms := formsOf(asked)
	if len(forms) == 0 {
		return nil, fmt.Errorf("%s has no form to log in", asked.at)
	}
	f := forms[0]
	f.values.Set("username", "admin")
	f.values.Set("password", "admin")
	got, err := b.post(ctx, f.action, f.values)
	if err == nil && got.at.Path != "/admin" {
		err = fmt.Errorf("logging in leads to %s", got.at.Path)
	}
	return b, err
}

func (b *browser) get(ctx context.Context, address string) (*shown, error) {
	return b.do(ctx, http.MethodGet, address, nil)
}

func (b *browser) post(ctx context.Context, address string, values url.Values) (*shown, error) {
	return b.do(ctx, http.MethodPost, address, values)
}

func (b *browser) do(ctx context.Context, method, address string, values url.Values) (*shown, error) {
	to, err := b.base.Parse(address)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, to.String(), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", asForm)
	request.Header.Set("Origin", b.base.String())
	began := time.Now()
	answer, err := b.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	got := &shown{at: answer.Request.URL, status: answer.StatusCode, first: time.Since(began)}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		got.took = got.first // of a file, the beginning counts
		return got, nil
	}
	text, err := io.ReadAll(answer.Body)
	got.took = time.Since(began)
	if err != nil {
		return nil, err
	}
	got.page, err = html.Parse(strings.NewReader(string(text)))
	return got, err
}

// linksOf are the addresses that a page leads to.
func linksOf(s *shown) []string {
	var all []string
	for n := range s.page.Descendants() {
		if to := attribute(n, "href"); n.Data == "a" && to != "" {
			all = append(all, resolve(s, to))
		}
	}
	return all
}

// form is one of a page, as it would be sent untouched.
type form struct {
	method, action, class string
	values                url.Values
	// search is the name of the field for a search, text those of others that take
	// what is typed.
	search  string
	text    []string
	choices []choice
}

// choice is a field that takes one of several values.
type choice struct {
	name    string
	options []string
}

func formsOf(s *shown) []form {
	var all []form
	for n := range s.page.Descendants() {
		if n.Data != "form" {
			continue
		}
		f := form{method: strings.ToLower(attribute(n, "method")), action: resolve(s, attribute(n, "action")), class: attribute(n, "class"), values: url.Values{}}
		for field := range n.Descendants() {
			f.add(field)
		}
		all = append(all, f)
	}
	return all
}

func (f *form) add(n *html.Node) {
	name := attribute(n, "name")
	switch {
	case name == "":
	case n.Data == "select":
		c := choice{name: name}
		for option := range n.Descendants() {
			if option.Data == "option" && attribute(option, "value") != "" {
				c.options = append(c.options, attribute(option, "value"))
			}
		}
		f.choices = append(f.choices, c)
	case n.Data != "input":
	default:
		switch attribute(n, "type") {
		case "search":
			f.search = name
		case "", "text":
			f.text = append(f.text, name)
		case "hidden":
			f.values.Add(name, attribute(n, "value"))
		}
	}
}

// resolve makes an address of a page whole, without its fragment.
func resolve(s *shown, address string) string {
	to, err := s.at.Parse(address)
	if err != nil {
		return ""
	}
	to.Fragment = ""
	return to.RequestURI()
}

func attribute(n *html.Node, name string) string {
	if n.Type == html.ElementNode {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val
			}
		}
	}
	return ""
}
