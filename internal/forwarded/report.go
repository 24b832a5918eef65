package forwarded

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"time"
)

// reportEvery bounds the log: one line tells an operator what to fix, and clients may
// be able to send headers that cannot be read.
const reportEvery = time.Minute

// maxShape is how many characters of an entry are logged.
const maxShape = 64

// report logs why an entry cannot be read, unless something was reported
// within the minute.
func (r *Reader) report(ctx context.Context, proxy netip.Addr, entry string, why error) {
	now := r.now()
	r.mu.Lock()
	since := now.Sub(r.reported)
	due := since >= reportEvery || since < 0 // the clock was set back
	if due {
		r.reported = now
	}
	r.mu.Unlock()
	if !due {
		return
	}
	r.logger.LogAttrs(ctx, slog.LevelWarn, "forwarding header cannot be read",
		slog.String("header", r.header), slog.String("reason", why.Error()),
		slog.String("shape", shape(entry)), slog.String("proxy", proxy.String()))
}

// shape is the form of an entry, with letters as a and digits as 9: enough to see what
// a proxy writes, without a name, an address or a secret.
func shape(entry string) string {
	var b strings.Builder
	for i, c := range []byte(entry) {
		if i == maxShape {
			b.WriteString("…")
			break
		}
		switch {
		case strings.IndexByte(letters, c) >= 0:
			c = 'a'
		case strings.IndexByte(digits, c) >= 0:
			c = '9'
		case c < ' ' || c > '~':
			c = '?'
		}
		b.WriteByte(c)
	}
	return b.String()
}
