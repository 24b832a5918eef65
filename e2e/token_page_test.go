package e2e

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// answers are what the first screen of a registration token shows.
var answers = map[string]string{
	"the verdict": ".verdict", "counts and pace": ".usage-hero", "the burn-down": ".burn-plot[role=group]", "who took most": "[aria-labelledby=most-title]",
}

// TestTokenPage_TheFirstScreenAnswers opens every registration token of the sample
// data, with addresses masked too: verdict, counts, burn-down and who took most are
// seen without scrolling, whatever its state.
func TestTokenPage_TheFirstScreenAnswers(t *testing.T) {
	t.Parallel()
	p := startProgram(t, "--demo")
	for _, account := range []string{"admin", "helpdesk"} {
		b := newBrowser(t, p.base, look{width: 1440, height: 900})
		b.logIn(account)
		b.open("/admin/registration-tokens?status=all")
		var links []string
		b.run(chromedp.Evaluate(`[...document.querySelectorAll("main tbody tr")].map(r => r.querySelector('a[href^="/admin/registration-tokens/0"]').getAttribute("href"))`, &links))
		if len(links) < 8 {
			t.Fatalf("the list has only %d registration tokens", len(links))
		}
		states := map[string]bool{}
		for _, link := range links {
			b.open(link)
			for what, selector := range answers {
				var box struct {
					Name, State    string
					Height, Bottom float64
				}
				b.run(chromedp.Evaluate(fmt.Sprintf(`(() => {
					const r = document.querySelector(%q)?.getBoundingClientRect();
					return { name: document.querySelector("h1").innerText, state: document.querySelector(".title-line .badge").innerText.trim(), height: r?.height ?? 0, bottom: r?.bottom ?? 0 };
				})()`, selector), &box))
				states[box.State] = true
				if box.Height < 20 || box.Bottom > 900 {
					t.Errorf("%s, %s, for %s: %s ends at %.0f px", box.Name, box.State, account, what, box.Bottom)
				}
			}
		}
		for _, state := range []string{"Active", "Exhausted", "Expired", "Disabled"} {
			if !states[state] {
				t.Errorf("no registration token of the sample data is %s", state)
			}
		}
	}
}

// TestTokenPage_PrintsAsEvidence prints a registration token with hundreds of uses
// from the dark theme: black on white, its headings on every sheet, no frame.
func TestTokenPage_PrintsAsEvidence(t *testing.T) {
	t.Parallel()
	p := startProgram(t, "--demo")
	b := newBrowser(t, p.base, look{width: 1440, height: 900, dark: true})
	b.logIn("admin")
	b.open("/admin/registration-tokens?q=Contoso")
	var link string
	var ok bool
	b.run(chromedp.AttributeValue(`main a[href^="/admin/registration-tokens/0"]`, "href", &link, &ok, chromedp.ByQuery))
	b.open(link)
	b.accessible("the page of a registration token")
	b.run(chromedp.Click(`.actions a[href$="print=1"]`, chromedp.ByQuery), chromedp.WaitVisible(".evidence [data-print]", chromedp.ByQuery))
	b.accessible("the page for print")
	var paper struct {
		Ink, Ground, Head, Rail, Button string
		Rows                            int
		Cut                             []string
	}
	var pdf []byte
	b.run(emulation.SetEmulatedMedia().WithMedia("print"),
		chromedp.Evaluate(`(() => {
			const css = (selector, name) => getComputedStyle(document.querySelector(selector))[name];
			return {
				ink: css(".evidence-table td", "color"), ground: css("html", "backgroundColor"), head: css(".evidence-table thead", "display"),
				rail: css(".rail", "display"), button: css("[data-print]", "display"),
				rows: document.querySelectorAll(".evidence-table:last-of-type tbody tr").length,
				cut: [...document.querySelectorAll(".evidence-table td")].filter(td => td.scrollWidth > td.clientWidth + 1).map(td => td.innerText),
			};
		})()`, &paper),
		chromedp.ActionFunc(func(ctx context.Context) (err error) {
			pdf, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
			return err
		}))
	if paper.Ink != "rgb(28, 26, 23)" && paper.Ink != "rgb(0, 0, 0)" || paper.Ground != "rgb(255, 255, 255)" {
		t.Errorf("it is %s on %s", paper.Ink, paper.Ground)
	}
	if paper.Head != "table-header-group" || paper.Rail != "none" || paper.Button != "none" || len(paper.Cut) > 0 || paper.Rows < 400 {
		t.Errorf("on paper it is %+v", paper)
	}
	if sheets := bytes.Count(pdf, []byte("/Type /Page\n")); sheets < 5 {
		t.Errorf("%d bytes of PDF have %d sheets", len(pdf), sheets)
	}
}
