package seen

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"muster/models"
	"muster/models/mask"
	"muster/models/names"
)

// lookUpsPerMinute is how many e-mail and IP addresses a viewer who sees them
// masked may search for. A person at a desk searches for a few; guessing the
// hidden half of an address takes thousands.
const (
	lookUpsPerMinute = 30
	lookUpWindow     = time.Minute
)

// LookUp counts and audits a search for an e-mail or IP address in full by a
// viewer who sees those masked: each answer confirms a guess. Asked holds the
// values by field name. KindRateLimited after too many.
func (r *Reader) LookUp(ctx context.Context, v Viewer, asked map[string]string) error {
	return r.lookUp(ctx, v, asked, false)
}

// Guess is LookUp for a question that compares with what the viewer sees masked,
// whatever was asked: it is counted and audited without an address, too.
func (r *Reader) Guess(ctx context.Context, v Viewer, asked map[string]string) error {
	return r.lookUp(ctx, v, asked, true)
}

func (r *Reader) lookUp(ctx context.Context, v Viewer, asked map[string]string, always bool) error {
	if !v.Masked() {
		return nil
	}
	hidden := map[string]string{}
	var key []string
	for field, value := range asked {
		// Folded, too: what the comparison leaves out could hide an address here.
		masked, folded := mask.Text(value), names.Fold(value)
		if again := mask.Text(folded); again != folded {
			masked = again
		}
		if masked != value || always && value != "" {
			hidden[field] = masked
			key = append(key, field+"="+strings.ToLower(value))
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	slices.Sort(key)
	fresh, err := r.lookUps.count(v.ID, strings.Join(key, "\n"))
	if err != nil || !fresh {
		return err
	}
	return r.record(ctx, v, models.AuditPersonalDataLookedUp, models.ObjectList, v.route, hidden)
}

// record audits that something was read.
func (r *Reader) record(ctx context.Context, v Viewer, action models.AuditAction, kind, id string, detail any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	now := r.now().UTC().Truncate(time.Microsecond)
	return r.store.AppendAudit(ctx, models.AuditEvent{
		ID: strings.ToLower(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String()), OccurredAt: now,
		ActorKind: v.Kind, ActorID: v.ID, ActorName: v.Name, Action: action, ObjectKind: kind, ObjectID: id,
		IP: v.Origin.IP, RequestID: v.Origin.RequestID, Detail: string(text),
	})
}

// lookUps counts look-ups by actor. Repeating one within the window is neither
// counted nor fresh: paging and live reloads repeat it.
type lookUps struct {
	now func() time.Time

	mu     sync.Mutex
	actors map[string]*lookUpsOfActor
}

type lookUpsOfActor struct {
	since time.Time
	asked map[string]struct{}
}

func (l *lookUps) count(actorID, asked string) (fresh bool, err error) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	window := l.actors[actorID]
	if window == nil || now.Sub(window.since) >= lookUpWindow || now.Before(window.since) {
		window = &lookUpsOfActor{since: now, asked: map[string]struct{}{}}
		l.actors[actorID] = window
	}
	if _, again := window.asked[asked]; again {
		return false, nil
	}
	if len(window.asked) >= lookUpsPerMinute {
		return false, &models.Error{
			Kind: models.KindRateLimited, Code: models.CodeRateLimited,
			Message:  "You searched for too many e-mail or IP addresses within a minute.",
			NextStep: "Wait a minute and try again.", RetryAfter: lookUpWindow - now.Sub(window.since),
		}
	}
	window.asked[asked] = struct{}{}
	return true, nil
}

// Exported audits that a list was exported: the kind of object it lists, and what
// narrowed it, by name. Unless it succeeds, nothing may be sent.
func (r *Reader) Exported(ctx context.Context, v Viewer, kind string, narrowed map[string]string) error {
	filter := []string{}
	for _, name := range slices.Sorted(maps.Keys(narrowed)) {
		value := narrowed[name]
		if v.Masked() {
			value = mask.Text(value)
		}
		filter = append(filter, name+"="+value)
	}
	return r.record(ctx, v, models.AuditExported, kind, "", map[string]any{"filter": filter, "masked": v.Masked()})
}
