package seen

import (
	"cmp"
	"context"
	"net/netip"
	"slices"

	"muster/models"
	"muster/models/mask"
)

// Search is what the desk looks for, and the fields to look in for each kind of
// row.
type Search struct {
	// Text is what was typed; empty for a network.
	Text                                    string
	RegistrationTokens, AuthTokens, Refused []models.SearchField
	// Words also finds rows with all words of the text or, when there are none, with
	// the last one only begun. A text with an address is taken apart only when no field
	// equals it.
	Words bool
	// Network, if valid, also finds the auth tokens and refused attempts whose address
	// is in it. See [models.TypedNetwork].
	Network netip.Prefix
	// Limit is how many rows of each kind at most; positive.
	Limit int
}

// Found is what a search found, of each kind the newest first.
type Found struct {
	RegistrationTokens []RegistrationToken
	AuthTokens         []AuthToken
	Refused            []RefusedAttempt
	Notes              []Note
	Totals             Totals
	// TooNarrow says that the viewer sees addresses masked, less of them than the
	// network that was asked for: it was not looked in.
	TooNarrow bool
}

// Totals tell how many rows there are of each kind, shown or not.
type Totals struct{ RegistrationTokens, AuthTokens, Refused, Notes models.Total }

// All are those of all kinds.
func (t Totals) All() []models.Total {
	return []models.Total{t.RegistrationTokens, t.AuthTokens, t.Refused, t.Notes}
}

// Number is the number of rows that are shown.
func (f *Found) Number() int {
	return len(f.RegistrationTokens) + len(f.AuthTokens) + len(f.Refused) + len(f.Notes)
}

// Search looks for fields that equal the text, then for its words, then in the
// network. KindRateLimited as in [Reader.LookUp].
func (r *Reader) Search(ctx context.Context, v Viewer, s Search) (*Found, error) {
	found := &Found{}
	if s.Text != "" {
		if err := r.LookUp(ctx, v, map[string]string{"search": s.Text}); err != nil {
			return nil, err
		}
		var err error
		if found, err = r.byText(ctx, v, s); err != nil {
			return nil, err
		}
	}
	switch {
	case !s.Network.IsValid():
		return found, nil
	case v.Masked() && !mask.Shows(s.Network):
		found.TooNarrow = true
		return found, nil
	}
	there, err := r.search(ctx, v, s, models.Search{Network: s.Network})
	return found.With(there, s.Limit), err
}

func (r *Reader) byText(ctx context.Context, v Viewer, s Search) (*Found, error) {
	equal, err := r.search(ctx, v, s, models.Search{Text: s.Text})
	if err != nil || !s.Words || equal.any() && HoldsAddress(s.Text) {
		return equal, err
	}
	// Somebody may be called just what others have in their names, too.
	having, err := r.search(ctx, v, s, models.Search{Text: s.Text, ByWords: true})
	if err == nil && !having.any() {
		having, err = r.search(ctx, v, s, models.Search{Text: s.Text, ByWords: true, Begun: true})
	}
	return equal.With(having, s.Limit), err
}

// any reports whether a search fits anything.
func (f *Found) any() bool {
	return slices.ContainsFunc(f.Totals.All(), func(t models.Total) bool { return t.Number > 0 || t.TooMany })
}

// With is what was found and, behind it, what a further search found: each row once,
// and at most limit of a kind.
func (f *Found) With(then *Found, limit int) *Found {
	both := &Found{TooNarrow: f.TooNarrow || then.TooNarrow}
	a, b, t := &f.Totals, &then.Totals, &both.Totals
	both.RegistrationTokens, t.RegistrationTokens = joined(f.RegistrationTokens, then.RegistrationTokens, a.RegistrationTokens, b.RegistrationTokens, limit, func(r *RegistrationToken) string { return r.ID })
	both.AuthTokens, t.AuthTokens = joined(f.AuthTokens, then.AuthTokens, a.AuthTokens, b.AuthTokens, limit, func(a *AuthToken) string { return a.ID })
	both.Refused, t.Refused = joined(f.Refused, then.Refused, a.Refused, b.Refused, limit, func(a *RefusedAttempt) string { return a.SupportCode })
	both.Notes, t.Notes = joined(f.Notes, then.Notes, a.Notes, b.Notes, limit, func(n *Note) string { return n.ID })
	return both
}

func joined[T any](first, then []T, firstTotal, thenTotal models.Total, limit int, id func(*T) string) ([]T, models.Total) {
	rows, there := slices.Clone(first), map[string]bool{}
	for i := range first {
		there[id(&first[i])] = true
	}
	for i := range then {
		if !there[id(&then[i])] {
			rows = append(rows, then[i])
		}
	}
	total := models.Total{Number: max(len(rows), firstTotal.Number, thenTotal.Number), More: firstTotal.More || thenTotal.More || thenTotal.TooMany && len(rows) > 0}
	total.TooMany = len(rows) == 0 && (firstTotal.TooMany || thenTotal.TooMany)
	return rows[:min(len(rows), limit)], total
}

func (r *Reader) search(ctx context.Context, v Viewer, s Search, q models.Search) (*Found, error) {
	q.AsMasked, q.Limit = v.Masked(), s.Limit
	found, t := &Found{}, &Totals{}
	var errs [4]error
	q.Fields = s.RegistrationTokens
	found.RegistrationTokens, t.RegistrationTokens, errs[0] = hits(ctx, q, v.RegistrationToken, r.store.SearchRegistrationTokens)
	q.Fields = s.AuthTokens
	found.AuthTokens, t.AuthTokens, errs[1] = hits(ctx, q, v.AuthToken, r.store.SearchAuthTokens)
	q.Fields = s.Refused
	found.Refused, t.Refused, errs[2] = hits(ctx, q, v.refusedAttempt, r.store.SearchRefusedAttempts)
	q.Fields = nil
	found.Notes, t.Notes, errs[3] = hits(ctx, q, v.Note, r.store.SearchNotes)
	found.Totals = *t
	return found, cmp.Or(errs[:]...)
}

func hits[R, T any](ctx context.Context, q models.Search, show func(*R) T, find func(context.Context, models.Search) (models.Hits[R], error)) ([]T, models.Total, error) {
	found, err := find(ctx, q)
	return shown(found.Rows, show), found.Total, err
}
