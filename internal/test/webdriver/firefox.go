package webdriver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// preferences keep Firefox on loopback (any other host has a proxy that is not
// there) and quiet, choose a free port, and let a window be as narrow as a phone.
const preferences = `
user_pref("marionette.port", 0);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("network.dns.disablePrefetch", true);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.auto", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("services.settings.server", "http://127.0.0.1:9");
user_pref("toolkit.telemetry.enabled", false);
user_pref("toolkit.legacyUserProfileCustomizations.stylesheets", true);
`

const narrow = `:root, body { min-width: 0 !important; }`

func startFirefox(ctx context.Context) (b *Browser, err error) {
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		return nil, errors.New("firefox is missing; install it: apt-get install firefox-esr")
	}
	profile, err := os.MkdirTemp("", "muster-firefox-")
	if err != nil {
		return nil, err
	}
	stop := func() { _ = os.RemoveAll(profile) }
	defer func() {
		if err != nil {
			stop()
		}
	}()
	if err := errors.Join(
		os.WriteFile(filepath.Join(profile, "user.js"), []byte(preferences), 0o600),
		os.Mkdir(filepath.Join(profile, "chrome"), 0o700),
		os.WriteFile(filepath.Join(profile, "chrome", "userChrome.css"), []byte(narrow), 0o600),
	); err != nil {
		return nil, err
	}
	process := exec.Command(path, "--headless", "--no-remote", "--marionette", "--profile", profile, "about:blank")
	process.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	if err := process.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = process.Process.Kill()
		_ = process.Wait()
		_ = os.RemoveAll(profile)
	}
	m, err := connectMarionette(ctx, filepath.Join(profile, "MarionetteActivePort"))
	if err == nil {
		err = m.send(ctx, command{name: "WebDriver:NewSession"}, map[string]any{"pageLoadStrategy": "normal"}, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("firefox does not start: %w", err)
	}
	return &Browser{wire: m, stop: func() { _ = m.connection.Close(); stop() }}, nil
}

// marionette is a connection to Firefox. Messages are JSON arrays behind their
// length in bytes: [0, id, name, parameters], answered by [1, id, error, result].
type marionette struct {
	connection net.Conn
	reader     *bufio.Reader
	mu         sync.Mutex
	last       int
}

// connectMarionette waits for the file with the port.
func connectMarionette(ctx context.Context, portFile string) (*marionette, error) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if port, err := os.ReadFile(portFile); err == nil && len(port) > 0 {
			var dialer net.Dialer
			connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strings.TrimSpace(string(port))))
			if err == nil {
				m := &marionette{connection: connection, reader: bufio.NewReader(connection)}
				deadline, _ := ctx.Deadline()
				if err = connection.SetDeadline(deadline); err == nil {
					_, err = m.receive() // it greets
				}
				return m, err
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

func (m *marionette) send(ctx context.Context, c command, parameters map[string]any, result any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	if parameters == nil {
		parameters = map[string]any{}
	}
	message, err := json.Marshal([]any{0, m.last, c.name, parameters})
	if err != nil {
		return err
	}
	deadline, _ := ctx.Deadline()
	if err := m.connection.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(m.connection, "%d:%s", len(message), message); err != nil {
		return err
	}
	raw, err := m.receive()
	if err != nil {
		return err
	}
	var answer [4]json.RawMessage
	if err := json.Unmarshal(raw, &answer); err != nil {
		return err
	}
	var failed *failure
	if err := json.Unmarshal(answer[2], &failed); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	// A list comes as it is, anything else as an object with a value.
	var boxed struct {
		Value json.RawMessage `json:"value"`
	}
	if json.Unmarshal(answer[3], &boxed) == nil {
		return decode(boxed.Value, result)
	}
	return decode(answer[3], result)
}

// receive reads a message behind its length.
func (m *marionette) receive() ([]byte, error) {
	digits, err := m.reader.ReadString(':')
	if err != nil {
		return nil, err
	}
	length, err := strconv.Atoi(strings.TrimSuffix(digits, ":"))
	if err != nil {
		return nil, err
	}
	message := make([]byte, length)
	_, err = io.ReadFull(m.reader, message)
	return message, err
}
