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
	"errors"
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
	// used is the secret of a registration token that is used up, open that of one
	// with counts left.
	used, open string
}

// options say what is photographed.
type options struct {
	base, out, only         string
	width                   int64
	readme, guides, gallery bool
}

func main() {
	var o options
	flag.StringVar(&o.base, "base", "", "address of a running server; empty starts one")
	flag.StringVar(&o.out, "out", "tmp/screenshots", "folder to write to")
	flag.StringVar(&o.only, "only", "", "take only the pages whose name holds this")
	flag.Int64Var(&o.width, "width", 0, "take them at this width alone, in px")
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
	d, err := addStates(ctx, base, !o.readme && !o.guides)
	if err != nil {
		return err
	}
	browser, stop, err := chromium.Start(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if err := os.MkdirAll(o.out, 0o755); err != nil { //nolint:gosec // pictures are for everybody
		return err
	}
	var failed []error
	for _, look := range o.sizes() {
		for _, scheme := range []string{"light", "dark"} {
			for _, s := range o.shots() {
				if err := s.take(browser, d, o.out, look, scheme); err != nil {
					failed = append(failed, fmt.Errorf("%s at %d px, %s: %w", s.name, look.width, scheme, err))
				}
			}
		}
	}
	return errors.Join(failed...)
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
	case o.width > 0:
		return []size{{o.width, 900, wholePage}}
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
		actions = append(actions, open(s.follow, "main")(d)...)
	}
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
