package rp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrUnsupported is wrapped by the error of a provider that demands what this server
// does not do.
var ErrUnsupported = errors.New("the login provider does not fit")

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: it "+format, append([]any{ErrUnsupported}, args...)...)
}

// checkTimeout is how long a start waits for the provider.
const checkTimeout = 5 * time.Second

// Check asks the provider what it demands. The error wraps [ErrUnsupported] where that is
// not done here; any other is KindUnavailable, and a reason to wait.
func (p *Provider) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	_, err := p.metadata(ctx)
	return err
}

// Answers reports whether the provider answers now; what was heard within a short time
// counts.
func (p *Provider) Answers(ctx context.Context) bool {
	p.mu.Lock()
	m, now := p.meta, p.cfg.Now()
	fresh, waiting := m != nil && now.Sub(m.readAt) < keysInterval, now.Before(p.retryAt)
	p.mu.Unlock()
	if fresh || waiting {
		return fresh
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	_, err := p.readMetadata(ctx)
	return err == nil
}
