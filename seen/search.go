package seen

import (
	"cmp"
	"context"
	"net/netip"

	"muster/models"
	"muster/models/mask"
)

// Search is what the desk looks for, and the fields to look in for each kind of
// row.
type Search struct {
	// Text is what was typed; empty for a network.
	Text                                    string
	RegistrationTokens, AuthTokens, Refused []models.SearchField
	// Words also finds rows with all words of the text, the last one perhaps only
	// begun, when no field equals it.
	Words bool
	// Network, if valid, finds the auth tokens and refused attempts whose address is
	// in it; the fields do not matter. See [models.TypedNetwork].
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
	// network that was asked for: nothing was looked for.
	TooNarrow bool
}

// Totals tell how many rows there are of each kind, shown or not.
type Totals struct{ RegistrationTokens, AuthTokens, Refused, Notes models.Total }

// Number is the number of rows that are shown.
func (f *Found) Number() int {
	return len(f.RegistrationTokens) + len(f.AuthTokens) + len(f.Refused) + len(f.Notes)
}

// Search looks for fields that equal the text; when there are none, and Words is set,
// for its words; then for rows in which the last of them goes on. KindRateLimited as
// in [Reader.LookUp].
func (r *Reader) Search(ctx context.Context, v Viewer, s Search) (*Found, error) {
	if s.Network.IsValid() {
		if v.Masked() && !mask.Shows(s.Network) {
			return &Found{TooNarrow: true}, nil
		}
		return r.search(ctx, v, s, models.Search{Network: s.Network})
	}
	if err := r.LookUp(ctx, v, map[string]string{"search": s.Text}); err != nil {
		return nil, err
	}
	found, err := r.search(ctx, v, s, models.Search{Text: s.Text})
	if !s.Words {
		return found, err
	}
	s.RegistrationTokens, s.AuthTokens, s.Refused = nil, nil, nil
	for _, begun := range []bool{false, true} {
		if err != nil || found.any() {
			break
		}
		found, err = r.search(ctx, v, s, models.Search{Text: s.Text, Begun: begun, ByWords: true})
	}
	return found, err
}

// any reports whether a search fits anything.
func (f *Found) any() bool {
	t := f.Totals
	for _, of := range []models.Total{t.RegistrationTokens, t.AuthTokens, t.Refused, t.Notes} {
		if of.Number > 0 || of.TooMany {
			return true
		}
	}
	return false
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
