package main

import (
	"context"
	"slices"
	"strings"

	"github.com/chromedp/chromedp"
)

// create fills in the form of a new registration token.
func create(data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.SendKeys(`input[name="count"]`, "100", chromedp.ByQuery),
		chromedp.SendKeys(`input[name="identifier"]`, "Third wave of the rollout", chromedp.ByQuery),
	}, press(`main form button[type="submit"]`, "#secret")(data{})...)
}

func checkRecipients(data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.SendKeys(`textarea[name="recipients"]`, "Ada Lovelace <ada@contoso.example>\nGrace Hopper <grace@contoso.example>\nADA@contoso.example\nnobody, not an @ address", chromedp.ByQuery),
	}, press(`main form button[type="submit"]`, "#recipients-check")(data{})...)
}

// redeemUsed tries a registration token whose count is used up.
func redeemUsed(d data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.SendKeys(`[name="registrationToken"]`, d.used, chromedp.ByQuery),
		chromedp.SendKeys(`[name="systemUserName"]`, "pierre.martin", chromedp.ByQuery),
		chromedp.SendKeys(`[name="fqdn"]`, "lyo-lt-0207.emea.contoso.example", chromedp.ByQuery),
	}, press(`main form[data-redeem] button[type="submit"]`, ".outcome-refused")(d)...)
}

// redeemMistyped tries a registration token that a character is missing of.
func redeemMistyped(d data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.SendKeys(`[name="registrationToken"]`, d.used[:len(d.used)-1], chromedp.ByQuery),
	}, press(`main form[data-redeem] button[type="submit"]`, "[data-token-typo]:not([hidden])")(d)...)
}

// redeemGood redeems a registration token that has counts left.
func redeemGood(d data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.SendKeys(`[name="registrationToken"]`, d.open, chromedp.ByQuery),
		chromedp.SendKeys(`[name="systemUserName"]`, "chloe.petit", chromedp.ByQuery),
	}, press(`main form[data-redeem] button[type="submit"]`, ".outcome-good")(d)...)
}

// openAttempt is turned away, and looks up the support code.
func openAttempt(d data) []chromedp.Action {
	var code string
	return slices.Concat(
		[]chromedp.Action{chromedp.Navigate(d.base + "/redeem")},
		redeemUsed(d),
		[]chromedp.Action{
			chromedp.Text(".support-code", &code, chromedp.ByQuery),
			chromedp.ActionFunc(func(ctx context.Context) error {
				return chromedp.Navigate(d.base + "/admin/investigate?code=" + strings.TrimSpace(code)).Do(ctx)
			}),
			chromedp.WaitVisible("#attempt-title", chromedp.ByQuery),
		})
}

// open goes where the link leads that matches, and waits for what is there.
func open(link, until string) func(data) []chromedp.Action {
	return func(d data) []chromedp.Action {
		var address string
		return []chromedp.Action{
			chromedp.AttributeValue(link, "href", &address, nil, chromedp.ByQuery),
			chromedp.ActionFunc(func(ctx context.Context) error { return chromedp.Navigate(d.base + address).Do(ctx) }),
			chromedp.WaitVisible(until, chromedp.ByQuery),
		}
	}
}

func press(button, until string) func(data) []chromedp.Action {
	return func(data) []chromedp.Action {
		return []chromedp.Action{
			chromedp.WaitReady(button, chromedp.ByQuery),
			chromedp.Evaluate("document.querySelector(`"+button+"`).click(); 0", nil),
			chromedp.WaitVisible(until, chromedp.ByQuery),
		}
	}
}

func openTab(section string) func(data) []chromedp.Action {
	return open(`main .tabs a[href$="section=`+section+`"]`, `main .tabs a[aria-current="page"][href$="section=`+section+`"]`)
}

// seePanel scrolls to what a tab shows.
func seePanel(first func(data) []chromedp.Action) func(data) []chromedp.Action {
	return func(d data) []chromedp.Action {
		return append(first(d), chromedp.Evaluate(`document.querySelector(".tab-panel").scrollIntoView(); scrollBy(0, -120); 0`, nil))
	}
}

func groupBy(facet string) func(data) []chromedp.Action {
	return seePanel(open(`main .segment[href*="by=`+facet+`"]`, `main .segment[aria-current][href*="by=`+facet+`"]`))
}

// openAdmission opens the form of rules and list.
func openAdmission(d data) []chromedp.Action {
	return append(openTab("expected")(d), press(`main a[href$="/admission"]`, `form[action$="/admission"]`)(d)...)
}

func lookUp(text string) func(data) []chromedp.Action {
	return func(data) []chromedp.Action {
		return []chromedp.Action{
			chromedp.SetValue("main #find", text, chromedp.ByQuery),
			chromedp.Submit("main form[role=search]", chromedp.ByQuery),
			chromedp.WaitVisible("main .section, main .notice", chromedp.ByQuery),
		}
	}
}

// then does one after the other.
func then(steps ...func(data) []chromedp.Action) func(data) []chromedp.Action {
	return func(d data) (all []chromedp.Action) {
		for _, step := range steps {
			all = append(all, step(d)...)
		}
		return all
	}
}

// openDetails opens what is folded away.
func openDetails(selector string) func(data) []chromedp.Action {
	return func(data) []chromedp.Action {
		return []chromedp.Action{
			chromedp.WaitReady(selector, chromedp.ByQuery),
			chromedp.Evaluate("document.querySelector(`"+selector+"`).open = true", nil),
		}
	}
}

// selectSome chooses two rows.
func selectSome(data) []chromedp.Action {
	return []chromedp.Action{
		chromedp.WaitReady("tbody input[name=id]", chromedp.ByQuery),
		chromedp.Evaluate(`for (const box of [...document.querySelectorAll("tbody input[name=id]")].slice(1, 3)) box.click(); 0`, nil),
		chromedp.WaitVisible(".selection", chromedp.ByQuery),
	}
}

// selectMore chooses two rows and opens the menu of the rarer acts.
func selectMore(d data) []chromedp.Action {
	return append(selectSome(d), openDetails(".selection details")(d)...)
}

// selectAll chooses every row and asks before they are deleted.
func selectAll(d data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.Evaluate(`document.querySelector("[data-select-all]").click(); 0`, nil),
		chromedp.WaitVisible(".selection", chromedp.ByQuery),
	}, press(`.selection button[value="delete"]`, "#confirm")(d)...)
}
