package views_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"muster/models"
	"muster/views/gallery"
	"muster/views/ui"
)

func render(t *testing.T, c templ.Component) (string, *goquery.Document) {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), doc
}

// each runs check on every page of the fixtures.
func each(t *testing.T, check func(t *testing.T, html string, doc *goquery.Document)) {
	t.Parallel()
	for _, f := range gallery.Pages() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			html, doc := render(t, f.Component)
			check(t, html, doc)
		})
	}
}

func TestPages_NothingInline(t *testing.T) {
	each(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find("style, [style], script:not([src]), [hx-on], base, iframe, object").Each(func(_ int, s *goquery.Selection) {
			t.Errorf("inline code or style: %s", goquery.NodeName(s))
		})
		doc.Find("script[src]").Each(func(_ int, s *goquery.Selection) {
			if src := s.AttrOr("src", ""); !strings.HasPrefix(src, "/static/") || strings.TrimSpace(s.Text()) != "" {
				t.Errorf("script from %q", src)
			}
		})
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") {
					t.Errorf("event attribute %s", a.Key)
				}
				if strings.HasPrefix(a.Key, "hx-") && strings.Contains(a.Val, "js:") {
					t.Errorf("script in %s", a.Key)
				}
			}
		})
	})
}

func TestPages_WorkWithoutScript(t *testing.T) {
	each(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, s *goquery.Selection) {
			method := s.AttrOr("method", "")
			if s.AttrOr("action", "") == "" && s.Find("[name=id]").Length() > 0 {
				return // a list without the right to delete
			}
			if (method != "post" && method != "get") || s.AttrOr("action", "") == "" {
				t.Errorf("form without method or action: %q %q", method, s.AttrOr("action", ""))
			}
			if method == "post" && s.Find("button[type=submit]").Length() == 0 {
				t.Errorf("form %q has no submit button", s.AttrOr("action", ""))
			}
		})
		doc.Find("a[hx-get]").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("href", "") != s.AttrOr("hx-get", "") {
				t.Errorf("link leads elsewhere without script: %q", s.AttrOr("href", ""))
			}
		})
	})
}

func TestPages_AreAccessible(t *testing.T) {
	sheet, err := os.ReadFile("../static/css/app.css")
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, _ string, doc *goquery.Document) {
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("%d headings of the first level", n)
		}
		if doc.Find("main").Length() != 1 || doc.Find("html[lang]").Length() != 1 || doc.Find("title").Text() == "" {
			t.Error("main, language or title is missing")
		}
		if doc.Find("#notices[aria-live=polite]").Length() != 1 {
			t.Error("no notices region")
		}
		doc.Find("input:not([type=hidden]), select, textarea:not([hidden])").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if s.Closest("label").Length() == 0 && s.AttrOr("aria-label", "") == "" && (id == "" || doc.Find(`label[for="`+id+`"]`).Length() == 0) {
				t.Errorf("no label for %q", s.AttrOr("name", ""))
			}
		})
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if seen[id] {
				t.Errorf("id %q stands twice", id)
			}
			seen[id] = true
		})
		doc.Find("[aria-describedby], [aria-labelledby]").Each(func(_ int, s *goquery.Selection) {
			if s.Is("dialog") {
				return // its title arrives with the question
			}
			for id := range strings.FieldsSeq(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "")) {
				if !seen[id] {
					t.Errorf("refers to %q, which is not on the page", id)
				}
			}
		})
		doc.Find("button, a").Each(func(_ int, s *goquery.Selection) {
			if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
				t.Error("a button or link without a name")
			}
		})
		doc.Find(".badge").Each(func(_ int, s *goquery.Selection) {
			// The style sheet draws the sign of each.
			tone := strings.Fields(s.AttrOr("class", ""))[1]
			if !regexp.MustCompile(`\.`+tone+`[^{}]*\{--sign`).Match(sheet) || strings.TrimSpace(s.Text()) == "" {
				t.Error("a state without icon and word")
			}
		})
	})
}

func TestPages_TypedTextIsNeverMarkup(t *testing.T) {
	t.Parallel()
	html, doc := render(t, fixtureNamed(t, "tokens-none-match"))
	if strings.Contains(html, "<script>alert") {
		t.Error("the search text became markup")
	}
	if got := doc.Find("#q").AttrOr("value", ""); got != `"><script>alert(1)</script>` {
		t.Errorf("the search text was not kept: %q", got)
	}
}

func TestRedeem_NeverRepeatsTheSecret(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"redeem-invalid", "redeem-exhausted"} {
		if html, _ := render(t, fixtureNamed(t, name)); strings.Contains(html, gallery.Secret) {
			t.Errorf("%s holds the registration token", name)
		}
	}
}

func TestRegistrationTokenCreated_ShowsTheSecretOnce(t *testing.T) {
	t.Parallel()
	_, doc := render(t, fixtureNamed(t, "token-created"))
	if got := doc.Find("#secret").Text(); got != gallery.Secret {
		t.Errorf("secret shown as %q", got)
	}
	if html, _ := render(t, fixtureNamed(t, "token-created-again")); strings.Contains(html, "mrt_") {
		t.Error("a repeat shows a secret")
	}
}

func TestForm_ShowsEveryError(t *testing.T) {
	t.Parallel()
	_, doc := render(t, fixtureNamed(t, "token-invalid"))
	if got := doc.Find("#count").AttrOr("value", ""); got != "many" {
		t.Errorf("typed count not kept: %q", got)
	}
	if doc.Find("#count[aria-invalid=true]").Length() != 1 {
		t.Error("the field is not marked")
	}
	for _, want := range []string{"whole number", "1 minute ahead", "no such customer"} {
		if !strings.Contains(doc.Text(), want) {
			t.Errorf("%q is not shown", want)
		}
	}
}

func TestHelpdesk_SeesNoActions(t *testing.T) {
	t.Parallel()
	_, doc := render(t, fixtureNamed(t, "tokens-one-helpdesk"))
	if doc.Find(`main a[href$="/new"]`).Length() != 0 {
		t.Error("the new button is shown")
	}
	_, doc = render(t, fixtureNamed(t, "token-detail-helpdesk"))
	doc.Find(".actions a, .actions button").Each(func(_ int, s *goquery.Selection) {
		if href := s.AttrOr("href", ""); href != "/ask" && !strings.HasSuffix(href, "?print=1") {
			t.Errorf("the action %q is shown", s.Text())
		}
	})
}

func TestLiveFragments_MatchThePage(t *testing.T) {
	t.Parallel()
	usage := ui.Usage{RegistrationTokenID: gallery.TokenID, Used: 38, Count: 100, Status: models.StatusActive}
	_, live := render(t, ui.RegistrationTokenFragments(usage))
	_, page := render(t, fixtureNamed(t, "token-detail-full"))
	ids := 0
	live.Find("body > [id]").Each(func(_ int, s *goquery.Selection) {
		ids++
		if page.Find("#"+s.AttrOr("id", "")).Length() != 1 {
			t.Errorf("%q is not on the detail page", s.AttrOr("id", ""))
		}
	})
	if ids != 2 {
		t.Errorf("%d fragments, want usage and state", ids)
	}
}

func TestHtmxConfig_IsClosed(t *testing.T) {
	t.Parallel()
	_, doc := render(t, fixtureNamed(t, "home"))
	var config map[string]any
	if err := json.Unmarshal([]byte(doc.Find("meta[name=htmx-config]").AttrOr("content", "")), &config); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{"allowEval": false, "includeIndicatorStyles": false, "allowScriptTags": false, "historyCacheSize": 0.0, "historyRestoreAsHxRequest": false} {
		if config[key] != want {
			t.Errorf("%s is %v, want %v", key, config[key], want)
		}
	}
}

func fixtureNamed(t *testing.T, name string) templ.Component {
	t.Helper()
	for _, f := range gallery.Pages() {
		if f.Name == name {
			return f.Component
		}
	}
	t.Fatalf("no fixture %q", name)
	return nil
}
