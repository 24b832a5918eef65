package replicas

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"muster/tokens"
)

const (
	// channel is the name under which replicas of all releases meet.
	channel = "muster_changes"
	// gatherFor is how long a change waits for others: with what pages gather, it is on
	// those of the other replicas within half a second.
	gatherFor = 100 * time.Millisecond
	// tellWithin is how long telling may take.
	tellWithin = 5 * time.Second
	// firstPause and longestPause are between two tries to reach the database again.
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
)

// Channel is where the replicas meet; the store implements it.
type Channel interface {
	// Announce tells all that listen on a channel, this process included.
	Announce(ctx context.Context, channel string, texts []string) error
	// Listen calls listening when it hears the channel, then heard with each text, until
	// ctx ends or the connection is lost, which the error says.
	Listen(ctx context.Context, channel string, listening func(), heard func(text string)) error
}

// Replicas is one process among those that serve the database. It is safe for
// concurrent use.
type Replicas struct {
	channel Channel
	heard   func(tokens.Change)
	log     *slog.Logger
	self    string // what our own texts begin with

	mu      sync.Mutex
	pending map[tokens.Change]struct{}
	more    chan struct{} // holds one when something is pending
}

// New makes one. heard is called with each change of another process, and with
// [tokens.ChangeMuch] when there may have been some that were not heard; it must not
// block.
func New(c Channel, heard func(tokens.Change), log *slog.Logger) *Replicas {
	return &Replicas{
		channel: c, heard: heard, log: log, self: rand.Text(),
		pending: map[tokens.Change]struct{}{}, more: make(chan struct{}, 1),
	}
}

// Tell notes a committed change for the others; it never blocks.
func (r *Replicas) Tell(change tokens.Change) {
	if change.Kind == tokens.ChangeRedeemed {
		change.AuthTokenID = "" // on no page yet; a thousand of them are one change
	}
	r.mu.Lock()
	if len(r.pending) <= mostTold {
		r.pending[change] = struct{}{}
	}
	r.mu.Unlock()
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// Run tells and hears until ctx ends, and tells then what is left.
func (r *Replicas) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { r.tell(ctx) })
	both.Go(func() { r.hear(ctx) })
	both.Wait()
}

func (r *Replicas) tell(ctx context.Context) {
	for pause := firstPause; ; {
		select {
		case <-ctx.Done():
		case <-r.more:
			wait(ctx, gatherFor)
		}
		over := ctx.Err() != nil // what is told now is the last
		switch err := r.announce(context.WithoutCancel(ctx)); {
		case err != nil:
			r.log.WarnContext(ctx, "other replicas are not told", "error", err)
			r.Tell(tokens.Change{Kind: tokens.ChangeMuch})
			wait(ctx, pause)
			pause = min(2*pause, longestPause)
		default:
			pause = firstPause
		}
		if over {
			return
		}
	}
}

// announce tells what has gathered.
func (r *Replicas) announce(ctx context.Context) error {
	r.mu.Lock()
	changes := r.pending
	r.pending = map[tokens.Change]struct{}{}
	r.mu.Unlock()
	if len(changes) == 0 {
		return nil
	}
	ctx, done := context.WithTimeout(ctx, tellWithin)
	defer done()
	return r.channel.Announce(ctx, channel, texts(r.self, changes))
}

func (r *Replicas) hear(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		err := r.channel.Listen(ctx, channel, func() {
			pause = firstPause
			r.heard(tokens.Change{Kind: tokens.ChangeMuch}) // whatever was said before
		}, func(text string) {
			for _, change := range read(r.self, text) {
				r.heard(change)
			}
		})
		if ctx.Err() != nil {
			return
		}
		r.log.WarnContext(ctx, "other replicas are not heard", "error", err)
		wait(ctx, pause)
		pause = min(2*pause, longestPause)
	}
}

// wait waits, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
