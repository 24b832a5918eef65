// Command screenshots photographs the pages of a development server, wide and
// narrow, light and dark: every page into one folder, to be looked at, or the
// few that the README or the guides show, or the gallery's made-up pages.
//
//	go run ./e2e/screenshots -out tmp/screenshots
//	go run ./e2e/screenshots -gallery -out tmp/gallery
//	go run ./e2e/screenshots -readme -out docs/images
//	go run ./e2e/screenshots -guides -out docs/images
//
// Without -base it builds and starts a server of its own, with sample data and
// the states that those do not have.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"muster/internal/test/chromium"
	"muster/views/gallery"
)

type shot struct {
	name, account, path string
	// follow opens the first link that matches.
	follow string
	// then are further steps before the picture.
	then func(d data) []chromedp.Action
}

// data is what steps need to know.
type data struct {
	base string
	// used is the secret of a registration token that is used up.
	used string
}

var shots = []shot{
	{"home", "", "/", "", nil},
	{"redeem", "", "/redeem", "", nil},
	{"redeem-german", "", "/redeem?lang=de", "", nil},
	{"redeem-japanese", "", "/redeem?lang=ja", "", nil},
	{"redeem-refused-french", "", "/redeem?lang=fr", "", redeemUsed},
	{"login", "", "/auth/login", "", nil},
	{"settings", "admin", "/my/settings", "", nil},
	{"settings-user", "user", "/my/settings", "", nil},
	{"not-found", "", "/nowhere", "", nil},
	{"not-found-at-work", "admin", "/nowhere", "", nil},
	{"guide", "helpdesk", "/docs/guide/helpdesk", "", nil},
	{"changes", "admin", "/docs/changes", "", nil},
	{"no-access", "user", "/admin", "", nil},
	{"overview", "admin", "/admin", "", nil},
	{"registration-tokens", "admin", "/admin/registration-tokens", "", nil},
	{"registration-token", "admin", "/admin/registration-tokens?status=exhausted", `main a[href^="/admin/registration-tokens/0"]`, nil},
	{"registration-token-active", "admin", "/admin/registration-tokens?status=active", `main a[href^="/admin/registration-tokens/0"]`, nil},
	{"registration-token-rollout", "admin", "/admin/registration-tokens?q=Contoso", `main a[href^="/admin/registration-tokens/0"]`, nil},
	{"registration-token-new", "admin", "/admin/registration-tokens/new", "", nil},
	{"recipients", "admin", "/admin/registration-tokens/new/recipients", "", nil},
	{"registration-tokens-bulk", "admin", "/admin/registration-tokens", "", selectAll},
	{"registration-tokens-empty", "admin", "/admin/registration-tokens?q=nothing-like-it", "", nil},
	{"auth-tokens", "admin", "/admin/auth-tokens", "", nil},
	{"auth-token", "admin", "/admin/auth-tokens", `main a[href^="/admin/auth-tokens/0"]`, nil},
	{"auth-token-deleted", "admin", "/admin/auth-tokens?state=deleted", `main a[href^="/admin/auth-tokens/0"]`, nil},
	{"auth-tokens-surplus", "admin", "/admin/auth-tokens?state=surplus", "", nil},
	{"auth-tokens-never-refreshed", "admin", "/admin/auth-tokens?state=never_refreshed", "", nil},
	{"auth-tokens-delete-all", "admin", "/admin/auth-tokens?state=surplus", "", press(`.list-foot .btn-danger-quiet`, "#confirm-title")},
	{"uses-by-device", "admin", "/admin/registration-tokens?q=Render", `main a[href^="/admin/registration-tokens/0"]`, groupBy("device")},
	{"uses-by-network", "helpdesk", "/admin/registration-tokens?q=Contoso", `main a[href^="/admin/registration-tokens/0"]`, groupBy("network")},
	{"expected", "admin", "/admin/registration-tokens?q=Workshop", `main a[href^="/admin/registration-tokens/0"]`, seePanel(openTab("expected"))},
	{"admission", "admin", "/admin/registration-tokens?q=Contoso", `main a[href^="/admin/registration-tokens/0"]`, openAdmission},
	{"investigate-results", "helpdesk", "/admin/investigate", "", lookUp("render")},
	{"investigate-mistyped", "helpdesk", "/admin/investigate", "", lookUp("mrt_01m85x")},
	{"investigate", "helpdesk", "/admin/investigate", "", nil},
	{"investigate-attempt", "helpdesk", "/admin/investigate", "", openAttempt},
	{"requests", "admin", "/admin/requests", "", nil},
	{"request", "admin", "/admin/requests", `main a[href^="/admin/requests/0"]`, nil},
	{"request-new", "helpdesk", "/admin/registration-tokens?q=Tokyo", `main a[href^="/admin/registration-tokens/0"]`, press(`.verdict a[href*="remedy=raise"]`, "#reason")},
	{"audit", "admin", "/admin/audit", "", nil},
	{"audit-filtered", "admin", "/admin/audit?kind=person&object=contoso", "", nil},
	{"audit-empty", "admin", "/admin/audit?q=nothing-like-it", "", nil},
	{"api-keys", "admin", "/admin/api-keys", "", nil},
	{"api-key-new", "admin", "/admin/api-keys/new", "", nil},
	{"gallery", "", "/dev/gallery", "", nil},
	{"my", "user", "/my", "", nil},
	{"my-spanish", "user", "/my?lang=es", "", nil},
	{"redeem-seen", "", "/redeem%23mrt_01jd9z6v5k8q2m4n7p0r3s6t9w01", "", nil},
	{"redeem-signed-in", "user", "/redeem", "", nil},
	{"registration-token-created", "admin", "/admin/registration-tokens/new", "", create},
	{"registration-token-long", "admin", "/admin/registration-tokens?q=a-very-long", `main a[href^="/admin/registration-tokens/0"]`, nil},
	{"registration-token-rtl", "admin", "/admin/registration-tokens?q=%D8%A5", `main a[href^="/admin/registration-tokens/0"]`, nil},
	{"registration-token-refused", "admin", "/admin/registration-tokens?status=exhausted", `main a[href^="/admin/registration-tokens/0"]`, openTab("refused")},
	{"registration-token-print", "admin", "/admin/registration-tokens?q=Tokyo", `main a[href^="/admin/registration-tokens/0"]`, press(`.actions a[href$="print=1"]`, ".evidence")},
	{"registration-token-changes", "admin", "/admin/registration-tokens?q=Contoso", `main a[href^="/admin/registration-tokens/0"]`, openTab("changes")},
	{"registration-token-invalid", "admin", "/admin/registration-tokens/new", "", press(`main form button[type="submit"]`, "#count-error")},
	{"recipients-check", "admin", "/admin/registration-tokens/new/recipients", "", checkRecipients},
	{"redeem-refused", "", "/redeem", "", redeemUsed},
	{"helpdesk-verdict", "helpdesk", "/admin/registration-tokens?q=Tokyo", `main a[href^="/admin/registration-tokens/0"]`, nil},
	{"waiting", "admin", "/admin/registration-tokens?q=Tokyo", `main a[href^="/admin/registration-tokens/0"]`, seePanel(openTab("refused"))},
	{"helpdesk-audit", "helpdesk", "/admin/audit", "", nil},
	{"helpdesk-registration-token", "helpdesk", "/admin/registration-tokens?status=exhausted", `main a[href^="/admin/registration-tokens/0"]`, nil},
}

// readme are the pictures of the README, as a window shows them.
var readme = []string{
	"overview", "registration-tokens", "registration-token-rollout", "registration-token-created", "redeem-refused", "audit-filtered",
}

// guides are the pictures of the guides in docs/.
var guides = []string{
	"overview", "registration-token-new", "recipients-check", "registration-tokens-bulk", "api-key-new",
	"investigate-attempt", "helpdesk-verdict", "waiting",
	"redeem", "redeem-refused", "my",
	"uses-by-device", "expected", "auth-tokens-delete-all",
}

// options say what is photographed.
type options struct {
	base, out, only         string
	readme, guides, gallery bool
}

func main() {
	var o options
	flag.StringVar(&o.base, "base", "", "address of a running server; empty starts one")
	flag.StringVar(&o.out, "out", "tmp/screenshots", "folder to write to")
	flag.StringVar(&o.only, "only", "", "take only the pages whose name holds this")
	flag.BoolVar(&o.readme, "readme", false, "take the pictures of the README")
	flag.BoolVar(&o.guides, "guides", false, "take the pictures of the guides")
	flag.BoolVar(&o.gallery, "gallery", false, "take the gallery's pages instead")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options) error {
	base := o.base
	if base == "" {
		started, stop, err := startServer(ctx)
		if err != nil {
			return err
		}
		defer stop()
		base = started
	}
	used, err := addStates(ctx, base, !o.readme && !o.guides)
	if err != nil {
		return err
	}
	d := data{base: base, used: used}
	browser, stop, err := chromium.Start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := os.MkdirAll(o.out, 0o755); err != nil { //nolint:gosec // pictures are for everybody
		return err
	}
	for _, look := range o.sizes() {
		for _, scheme := range []string{"light", "dark"} {
			for _, s := range o.shots() {
				if err := s.take(browser, d, o.out, look, scheme); err != nil {
					return fmt.Errorf("%s at %d px, %s: %w", s.name, look.width, scheme, err)
				}
			}
		}
	}
	return nil
}

// shots are those that were asked for.
func (o options) shots() []shot {
	all := shots
	if o.gallery {
		all = nil
		for _, p := range gallery.Pages() {
			all = append(all, shot{name: p.Name, path: "/dev/gallery/" + p.Name})
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s shot) bool {
		return !strings.Contains(s.name, o.only) ||
			o.readme && !slices.Contains(readme, s.name) || o.guides && !slices.Contains(guides, s.name)
	})
}

func (o options) sizes() []size {
	switch {
	case o.readme:
		return []size{{1280, 800, windowPNG}}
	case o.guides:
		return []size{{1280, 800, windowWebP}}
	default:
		return []size{{390, 844, wholePage}, {768, 1024, wholePage}, {1440, 900, wholePage}}
	}
}

// size is that of the window.
type size struct {
	width, height int64
	extent        extent
}

// extent is how much of a page a picture holds: all of it, or what the window
// shows.
type extent int

const (
	wholePage extent = iota
	windowPNG
	windowWebP
)

// create fills in the form of a new registration token.
func create(data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.SendKeys(`input[name="count"]`, "100", chromedp.ByQuery),
		chromedp.SendKeys(`input[name="identifier"]`, "Contoso rollout, third wave", chromedp.ByQuery),
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
	return press(`main .tabs a[href$="section=`+section+`"]`, `main .tabs a[aria-current="page"][href$="section=`+section+`"]`)
}

// seePanel scrolls to what a tab shows.
func seePanel(first func(data) []chromedp.Action) func(data) []chromedp.Action {
	return func(d data) []chromedp.Action {
		return append(first(d), chromedp.Evaluate(`document.querySelector(".tab-panel").scrollIntoView(); scrollBy(0, -120); 0`, nil))
	}
}

func groupBy(facet string) func(data) []chromedp.Action {
	return seePanel(press(`main .segment[href*="by=`+facet+`"]`, `main .segment[aria-current][href*="by=`+facet+`"]`))
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

func (s shot) take(browser context.Context, d data, out string, look size, scheme string) error {
	ctx, cancel, err := chromium.NewProfile(browser)
	if err != nil {
		return err
	}
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	actions := []chromedp.Action{
		chromedp.EmulateViewport(look.width, look.height),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
	}
	if s.account != "" {
		actions = append(actions, chromedp.Navigate(d.base+"/auth/login"),
			chromedp.SendKeys(`input[name="username"]`, s.account, chromedp.ByQuery),
			chromedp.SendKeys(`input[name="password"]`, s.account, chromedp.ByQuery),
			chromedp.Click(`form button[type="submit"]`, chromedp.ByQuery),
			chromedp.WaitReady(`form[action="/auth/logout"]`, chromedp.ByQuery))
	}
	actions = append(actions, chromedp.Navigate(d.base+s.path), chromedp.WaitVisible("main", chromedp.ByQuery))
	if s.follow != "" {
		var link string
		actions = append(actions, chromedp.AttributeValue(s.follow, "href", &link, nil, chromedp.ByQuery),
			chromedp.ActionFunc(func(ctx context.Context) error { return chromedp.Navigate(d.base + link).Do(ctx) }))
	}
	actions = append(actions, chromedp.WaitVisible("main", chromedp.ByQuery))
	if s.then != nil {
		actions = append(actions, s.then(d)...)
	}
	var picture []byte
	var name string
	switch look.extent {
	case wholePage:
		name = fmt.Sprintf("%s-%d-%s.png", s.name, look.width, scheme)
		actions = append(actions, chromedp.FullScreenshot(&picture, 100))
	case windowPNG:
		name = s.name + "-" + scheme + ".png"
		actions = append(actions, chromedp.CaptureScreenshot(&picture))
	case windowWebP:
		name = "guide-" + s.name + "-" + scheme + ".webp"
		actions = append(actions, chromedp.ActionFunc(func(ctx context.Context) (err error) {
			picture, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(85).Do(ctx)
			return err
		}))
	}
	if err := chromedp.Run(ctx, actions...); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, name), picture, 0o644) //nolint:gosec // pictures are for everybody
}

// selectAll chooses every row and asks before they are deleted.
func selectAll(d data) []chromedp.Action {
	return append([]chromedp.Action{
		chromedp.Evaluate(`document.querySelector("[data-select-all]").click(); 0`, nil),
		chromedp.WaitVisible(".selection", chromedp.ByQuery),
	}, press(`.selection button[value="delete"]`, "#confirm")(d)...)
}
