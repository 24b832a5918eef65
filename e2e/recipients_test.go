package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// TestRecipients_TheFileArrivesInTheBrowser creates registration tokens for a list of
// people: checked first, then created, and the file is saved once.
func TestRecipients_TheFileArrivesInTheBrowser(t *testing.T) {
	for name, l := range map[string]look{
		"with JavaScript":    desktop,
		"without JavaScript": {width: 390, height: 844, noScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := startProgram(t)
			b := newBrowser(t, p.base, l)
			folder := t.TempDir()
			b.saveTo(folder)
			b.logIn("admin")
			b.open("/admin/registration-tokens/new")
			b.click(`a[href="/admin/registration-tokens/new/recipients"]`)
			b.fill(`textarea[name="recipients"]`, "Ada <ada@example.com>\nGrace <grace@example.com>\nada@example.com")
			b.press("Check the list")
			b.see("main", "2 registration tokens will be created", "1 line is left out", "The same as line 1.")
			if !l.noScript {
				b.accessible("the checked list")
			}
			b.press("Create 2 tokens and save the file")
			if !l.noScript {
				b.see("[data-download-done]", "2 registration tokens were created")
			}
			savedFile(t, folder, "*.csv", "/redeem#mrt_", 2)
			b.open("/admin/registration-tokens?q=example.com")
			b.see("main", "Ada <ada@example.com>", "Grace <grace@example.com>")
		})
	}
}

// saveTo lets this window save files without asking.
func (b *browser) saveTo(folder string) {
	b.tb.Helper()
	window := chromedp.FromContext(b.ctx)
	executor := cdp.WithExecutor(b.ctx, window.Browser)
	info, err := target.GetTargetInfo().WithTargetID(window.Target.TargetID).Do(executor)
	if err != nil {
		b.tb.Fatal(err)
	}
	err = cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).
		WithBrowserContextID(info.BrowserContextID).WithDownloadPath(folder).
		Do(executor)
	if err != nil {
		b.tb.Fatal(err)
	}
}

// savedFile waits until the browser has saved a file of that name that holds
// the text n times.
func savedFile(t *testing.T, folder, pattern, text string, n int) {
	t.Helper()
	var last string
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); <-time.After(30 * time.Millisecond) {
		names, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := os.ReadFile(name) //nolint:gosec // the folder is the test's own
			if last = string(raw); err == nil && strings.Count(last, text) == n {
				return
			}
		}
	}
	t.Fatalf("no file with %d times %q was saved; the last one holds:\n%s", n, text, last)
}
