// Command screenshots photographs the pages of a running development server
// (muster serve --dev --demo), wide and narrow, light and dark:
//
//	go run ./e2e/screenshots -base http://127.0.0.1:8080 -out docs/images
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"muster/internal/chromium"
)

type shot struct {
	name, account, path string
	// follow opens the first link that matches.
	follow string
}

var shots = []shot{
	{"home", "", "/", ""},
	{"redeem", "", "/redeem", ""},
	{"login", "", "/auth/login", ""},
	{"not-found", "", "/nowhere", ""},
	{"no-access", "user", "/admin", ""},
	{"overview", "admin", "/admin", ""},
	{"registration-tokens", "admin", "/admin/registration-tokens", ""},
	{"registration-token", "admin", "/admin/registration-tokens?status=exhausted", `main a[href^="/admin/registration-tokens/0"]`},
	{"registration-token-active", "admin", "/admin/registration-tokens?status=active", `main a[href^="/admin/registration-tokens/0"]`},
	{"registration-token-rollout", "admin", "/admin/registration-tokens?q=Contoso", `main a[href^="/admin/registration-tokens/0"]`},
	{"registration-token-new", "admin", "/admin/registration-tokens/new", ""},
	{"recipients", "admin", "/admin/registration-tokens/new/recipients", ""},
	{"registration-tokens-empty", "admin", "/admin/registration-tokens?q=nothing-like-it", ""},
	{"auth-tokens", "admin", "/admin/auth-tokens", ""},
	{"auth-token", "admin", "/admin/auth-tokens", `main a[href^="/admin/auth-tokens/0"]`},
	{"auth-token-deleted", "admin", "/admin/auth-tokens?state=deleted", `main a[href^="/admin/auth-tokens/0"]`},
	{"audit", "admin", "/admin/audit", ""},
	{"audit-filtered", "admin", "/admin/audit?kind=person&object=contoso", ""},
	{"audit-empty", "admin", "/admin/audit?q=nothing-like-it", ""},
	{"api-keys", "admin", "/admin/api-keys", ""},
	{"api-key-new", "admin", "/admin/api-keys/new", ""},
	{"my", "user", "/my", ""},
	{"redeem-signed-in", "user", "/redeem", ""},
	{"helpdesk-audit", "helpdesk", "/admin/audit", ""},
	{"helpdesk-registration-token", "helpdesk", "/admin/registration-tokens?status=exhausted", `main a[href^="/admin/registration-tokens/0"]`},
}

func main() {
	base := flag.String("base", "http://127.0.0.1:8080", "address of the server")
	out := flag.String("out", "docs/images", "folder to write to")
	only := flag.String("only", "", "take only the pages whose name holds this")
	flag.Parse()
	if err := run(*base, *out, *only); err != nil {
		log.Fatal(err)
	}
}

func run(base, out, only string) error {
	browser, stop, err := chromium.Start(context.Background())
	if err != nil {
		return err
	}
	defer stop()
	if err := os.MkdirAll(out, 0o755); err != nil { //nolint:gosec // pictures are for everybody
		return err
	}
	for _, width := range []int64{390, 1440} {
		for _, scheme := range []string{"light", "dark"} {
			for _, s := range shots {
				if !strings.Contains(s.name, only) {
					continue
				}
				if err := s.take(browser, base, out, width, scheme); err != nil {
					return fmt.Errorf("%s at %d px, %s: %w", s.name, width, scheme, err)
				}
			}
		}
	}
	return nil
}

func (s shot) take(browser context.Context, base, out string, width int64, scheme string) error {
	ctx, cancel, err := chromium.NewProfile(browser)
	if err != nil {
		return err
	}
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	actions := []chromedp.Action{
		chromedp.EmulateViewport(width, 900),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
	}
	if s.account != "" {
		actions = append(actions, chromedp.Navigate(base+"/auth/login"),
			chromedp.SendKeys(`input[name="username"]`, s.account, chromedp.ByQuery),
			chromedp.SendKeys(`input[name="password"]`, s.account, chromedp.ByQuery),
			chromedp.Click(`form button[type="submit"]`, chromedp.ByQuery),
			chromedp.WaitReady(`form[action="/auth/logout"]`, chromedp.ByQuery))
	}
	actions = append(actions, chromedp.Navigate(base+s.path), chromedp.WaitVisible("main", chromedp.ByQuery))
	if s.follow != "" {
		var link string
		actions = append(actions, chromedp.AttributeValue(s.follow, "href", &link, nil, chromedp.ByQuery),
			chromedp.ActionFunc(func(ctx context.Context) error { return chromedp.Navigate(base + link).Do(ctx) }))
	}
	var picture []byte
	actions = append(actions, chromedp.WaitVisible("main", chromedp.ByQuery), chromedp.FullScreenshot(&picture, 100))
	if err := chromedp.Run(ctx, actions...); err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%d-%s.png", s.name, width, scheme)
	return os.WriteFile(filepath.Join(out, name), picture, 0o644) //nolint:gosec // pictures are for everybody
}
