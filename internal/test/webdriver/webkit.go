package webdriver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// slim lets a window be as narrow as a phone: its tool bar takes less.
const slim = `button, entry, toolbar { min-width: 0; padding: 0; margin: 0; font-size: 4px; }`

// leashed starts the browser. One in ten crashes as it starts, and the driver would
// wait for it for ever; like this the driver ends with it, and both are started again.
const leashed = `#!/bin/sh
%q "$@"
kill -KILL $PPID
`

// startWebKit starts WebKitGTK's driver on a display of its own; the driver starts
// the browser.
func startWebKit(ctx context.Context) (b *Browser, err error) {
	path, err := exec.LookPath("WebKitWebDriver")
	if err != nil {
		return nil, errors.New("WebKit is missing; install it: apt-get install webkit2gtk-driver xvfb")
	}
	browsers, err := filepath.Glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")
	if err != nil || len(browsers) == 0 {
		return nil, errors.New("WebKit's MiniBrowser is missing; install it: apt-get install webkit2gtk-driver")
	}
	home, err := os.MkdirTemp("", "muster-webkit-")
	if err != nil {
		return nil, err
	}
	stop := func() { _ = os.RemoveAll(home) }
	defer func() {
		if err != nil {
			stop()
		}
	}()
	style, browser := filepath.Join(home, "gtk-3.0", "gtk.css"), filepath.Join(home, "browser")
	if err := errors.Join(
		os.Mkdir(filepath.Dir(style), 0o700),
		os.WriteFile(style, []byte(slim), 0o600),
		os.WriteFile(browser, fmt.Appendf(nil, leashed, browsers[len(browsers)-1]), 0o700),
	); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	screen, closeDisplay, err := openDisplay()
	if err != nil {
		return nil, err
	}
	stop = func() { closeDisplay(); _ = os.RemoveAll(home) }
	driver := exec.Command(path, "--port="+port, "--host=127.0.0.1")
	driver.Env = append(os.Environ(), "DISPLAY="+screen, "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_RUNTIME_DIR="+home, "GDK_BACKEND=x11", "NO_AT_BRIDGE=1",
		"LIBGL_ALWAYS_SOFTWARE=1", "WEBKIT_DISABLE_COMPOSITING_MODE=1", "WEBKIT_DISABLE_DMABUF_RENDERER=1",
		"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1") // in a container there is none to have
	driver.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the browser ends with it
	if err := driver.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = syscall.Kill(-driver.Process.Pid, syscall.SIGKILL)
		_ = driver.Wait()
		closeDisplay()
		_ = os.RemoveAll(home)
	}
	h, err := newHTTPSession(ctx, "http://127.0.0.1:"+port, browser)
	if err != nil {
		return nil, fmt.Errorf("WebKit does not start: %w", err)
	}
	return &Browser{wire: h, stop: func() { _ = h.send(context.WithoutCancel(ctx), command{method: http.MethodDelete}, nil, nil); stop() }}, nil
}

// openDisplay starts a display that nobody sees.
func openDisplay() (name string, closeDisplay func(), err error) {
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		return "", nil, errors.New("a display for WebKit is missing; install it: apt-get install xvfb")
	}
	read, write, err := os.Pipe()
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = read.Close() }()
	display := exec.Command(path, "-displayfd", "3", "-screen", "0", "1920x1400x24", "-nolisten", "tcp")
	display.ExtraFiles = []*os.File{write}
	err = display.Start()
	_ = write.Close()
	if err != nil {
		return "", nil, err
	}
	closeDisplay = func() {
		_ = display.Process.Kill()
		_ = display.Wait()
	}
	var number int
	if _, err := fmt.Fscan(read, &number); err != nil {
		closeDisplay()
		return "", nil, fmt.Errorf("the display for WebKit does not start: %w", err)
	}
	return ":" + strconv.Itoa(number), closeDisplay, nil
}

func freePort(ctx context.Context) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

// httpSession is a session at a WebDriver server.
type httpSession struct{ url string }

// newHTTPSession waits for the server and opens a session. Hosts other than
// loopback have a proxy that is not there.
func newHTTPSession(ctx context.Context, server, browser string) (*httpSession, error) {
	h := &httpSession{url: server}
	wanted := map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"webkitgtk:browserOptions": map[string]any{"binary": browser, "args": []string{"--automation"}},
		"proxy":                    map[string]any{"proxyType": "manual", "httpProxy": "127.0.0.1:9", "sslProxy": "127.0.0.1:9", "noProxy": []string{"127.0.0.1", "localhost"}},
	}}}
	var session struct {
		ID string `json:"sessionId"`
	}
	for {
		err := h.send(ctx, command{method: "POST", path: "/session"}, wanted, &session)
		if err == nil {
			h.url = server + "/session/" + session.ID
			return h, nil
		}
		if !errors.Is(err, syscall.ECONNREFUSED) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (h *httpSession) send(ctx context.Context, c command, parameters map[string]any, result any) error {
	if parameters == nil {
		parameters = map[string]any{}
	}
	path := c.path
	if id, ok := parameters["id"].(string); ok {
		path = strings.Replace(path, "{id}", id, 1)
	}
	var body []byte
	if c.method == http.MethodPost {
		var err error
		if body, err = json.Marshal(parameters); err != nil {
			return err
		}
	}
	request, err := http.NewRequestWithContext(ctx, c.method, h.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if response.StatusCode == http.StatusOK {
		return decode(answer.Value, result)
	}
	failed := &failure{}
	if err := json.Unmarshal(answer.Value, failed); err != nil {
		return err
	}
	return failed
}
