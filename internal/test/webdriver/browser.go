// Package webdriver drives Debian's Firefox and WebKit the way browser tests need
// it: headless, each browser with a profile of its own, and cut off from
// everything but loopback. Both take the commands of W3C WebDriver; WebKit over
// HTTP, Firefox, whose driver Debian does not have, over its own Marionette
// protocol. It imports nothing of this repository.
package webdriver

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Kind is a browser engine.
type Kind string

// The engines.
const (
	Firefox Kind = "firefox"
	WebKit  Kind = "webkit"
)

// A browser that has not started by then, however slow the machine, hangs. Where one
// hangs or crashes another is started.
const (
	startTimeout = time.Minute
	starts       = 8
)

// Browser is a running browser with one window.
type Browser struct {
	wire wire
	stop func()
}

// wire carries commands to a browser. The answer's value goes into result, unless
// that is nil.
type wire interface {
	send(ctx context.Context, c command, parameters map[string]any, result any) error
}

// command is one of WebDriver's: its method and path below the session for HTTP,
// and its name in Marionette. A path may hold {id}, a parameter.
type command struct{ method, path, name string }

var (
	navigate   = command{"POST", "/url", "WebDriver:Navigate"}
	back       = command{"POST", "/back", "WebDriver:Back"}
	reload     = command{"POST", "/refresh", "WebDriver:Refresh"}
	runScript  = command{"POST", "/execute/sync", "WebDriver:ExecuteScript"}
	find       = command{"POST", "/element", "WebDriver:FindElement"}
	click      = command{"POST", "/element/{id}/click", "WebDriver:ElementClick"}
	sendKeys   = command{"POST", "/element/{id}/value", "WebDriver:ElementSendKeys"}
	perform    = command{"POST", "/actions", "WebDriver:PerformActions"}
	setRect    = command{"POST", "/window/rect", "WebDriver:SetWindowRect"}
	handles    = command{"GET", "/window/handles", "WebDriver:GetWindowHandles"}
	screenshot = command{"GET", "/screenshot", "WebDriver:TakeScreenshot"}
)

// Start starts a browser; [Browser.Stop] ends it.
func Start(ctx context.Context, kind Kind) (*Browser, error) {
	start := map[Kind]func(context.Context) (*Browser, error){Firefox: startFirefox, WebKit: startWebKit}[kind]
	if start == nil {
		return nil, fmt.Errorf("webdriver: no browser %q", kind)
	}
	return startAgain(ctx, startTimeout, start)
}

// startAgain starts a browser, and another where one does not come.
func startAgain(ctx context.Context, timeout time.Duration, start func(context.Context) (*Browser, error)) (b *Browser, err error) {
	for range starts {
		attempt, cancel := context.WithTimeout(ctx, timeout)
		b, err = start(attempt)
		cancel()
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	return b, err
}

// Stop ends the browser and removes its profile.
func (b *Browser) Stop() { b.stop() }

// Open opens an address and waits until the page has loaded.
func (b *Browser) Open(ctx context.Context, url string) error {
	return b.wire.send(ctx, navigate, map[string]any{"url": url}, nil)
}

// Back goes back in the history.
func (b *Browser) Back(ctx context.Context) error { return b.wire.send(ctx, back, nil, nil) }

// Reload loads the page again.
func (b *Browser) Reload(ctx context.Context) error { return b.wire.send(ctx, reload, nil, nil) }

// Run runs the body of a function in the page and reads what it returns into
// result, unless that is nil.
func (b *Browser) Run(ctx context.Context, result any, script string, arguments ...any) error {
	if arguments == nil {
		arguments = []any{}
	}
	return b.wire.send(ctx, runScript, map[string]any{"script": script, "args": arguments}, result)
}

// elementKey is the name under which WebDriver refers to an element.
const elementKey = "element-6066-11e4-a52e-4f735466cecf"

func (b *Browser) element(ctx context.Context, selector string) (id string, err error) {
	using := "css selector"
	if strings.HasPrefix(selector, "//") {
		using = "xpath"
	}
	var found map[string]string
	err = b.wire.send(ctx, find, map[string]any{"using": using, "value": selector}, &found)
	return found[elementKey], err
}

// Click clicks the first element that matches the CSS selector, or the XPath that
// begins with //, where it is seen; it fails when
// something else is there.
func (b *Browser) Click(ctx context.Context, selector string) error {
	id, err := b.element(ctx, selector)
	if err != nil {
		return err
	}
	return b.wire.send(ctx, click, map[string]any{"id": id}, nil)
}

// Type types into the first element that matches, after what it holds.
func (b *Browser) Type(ctx context.Context, selector, text string) error {
	id, err := b.element(ctx, selector)
	if err != nil {
		return err
	}
	return b.wire.send(ctx, sendKeys, map[string]any{"id": id, "text": text}, nil)
}

// The mouse's buttons.
const (
	LeftButton   = 0
	MiddleButton = 1
)

// ClickAt moves the mouse to a point of the window, in CSS pixels, and clicks.
func (b *Browser) ClickAt(ctx context.Context, x, y, button int) error {
	return b.wire.send(ctx, perform, map[string]any{"actions": []any{map[string]any{
		"type": "pointer", "id": "mouse", "parameters": map[string]any{"pointerType": "mouse"},
		"actions": []any{
			map[string]any{"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"},
			map[string]any{"type": "pointerDown", "button": button},
			map[string]any{"type": "pointerUp", "button": button},
		},
	}}}, nil)
}

// The keys that are no text, as WebDriver writes them.
const (
	KeyTab    = "\ue004"
	KeyEnter  = "\ue007"
	KeyEscape = "\ue00c"
)

// Press presses a key and releases it.
func (b *Browser) Press(ctx context.Context, key string) error {
	return b.wire.send(ctx, perform, map[string]any{"actions": []any{map[string]any{
		"type": "key", "id": "keyboard",
		"actions": []any{map[string]any{"type": "keyDown", "value": key}, map[string]any{"type": "keyUp", "value": key}},
	}}}, nil)
}

// Windows is how many windows and tabs are open.
func (b *Browser) Windows(ctx context.Context) (int, error) {
	var open []string
	err := b.wire.send(ctx, handles, nil, &open)
	return len(open), err
}

// Resize gives the page this size in CSS pixels.
func (b *Browser) Resize(ctx context.Context, width, height int) error {
	var around, page struct{ Width, Height int }
	if err := b.Run(ctx, &around, "return {width: outerWidth - innerWidth, height: outerHeight - innerHeight}"); err != nil {
		return err
	}
	if err := b.wire.send(ctx, setRect, map[string]any{"width": width + around.Width, "height": height + around.Height}, nil); err != nil {
		return err
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 100 { // the window follows in its own time
		if err := b.Run(ctx, &page, "return {width: innerWidth, height: innerHeight}"); err != nil {
			return err
		}
		if page.Width == width && page.Height == height {
			return nil
		}
		<-tick.C
	}
	return fmt.Errorf("webdriver: the page has %d × %d pixels, not %d × %d", page.Width, page.Height, width, height)
}

// Screenshot is a picture of the window, PNG.
func (b *Browser) Screenshot(ctx context.Context) ([]byte, error) {
	var encoded string
	if err := b.wire.send(ctx, screenshot, map[string]any{"full": false}, &encoded); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(encoded)
}

// failure is how both protocols answer a command that failed.
type failure struct {
	Kind    string `json:"error"`
	Message string `json:"message"`
}

func (f *failure) Error() string { return "webdriver: " + f.Kind + ": " + f.Message }

// decode reads the value of an answer.
func decode(raw json.RawMessage, result any) error {
	if result == nil {
		return nil
	}
	return json.Unmarshal(raw, result)
}
