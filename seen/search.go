package seen

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"muster/models"
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

// Search looks for fields that equal the text, and only when there are none for its
// words. KindRateLimited as in [Reader.LookUp].
func (r *Reader) Search(ctx context.Context, v Viewer, s Search) (*Found, error) {
	if err := r.LookUp(ctx, v, map[string]string{"search": s.Text}); err != nil {
		return nil, err
	}
	found, err := r.search(ctx, v, s, false)
	if err == nil && found.Number() == 0 && s.Words {
		found, err = r.search(ctx, v, s, true)
	}
	if err != nil {
		return nil, err
	}
	found.Totals = Totals{
		RegistrationTokens: models.Total{Number: len(found.RegistrationTokens)}, AuthTokens: models.Total{Number: len(found.AuthTokens)},
		Refused: models.Total{Number: len(found.Refused)}, Notes: models.Total{Number: len(found.Notes)},
	}
	return found, nil
}

func (r *Reader) search(ctx context.Context, v Viewer, s Search, beginning bool) (*Found, error) {
	found := &Found{}
	q := models.Search{Text: s.Text, Beginning: beginning, Limit: s.Limit}
	for _, q.Field = range s.RegistrationTokens {
		rows, err := matches(ctx, v, q, v.RegistrationToken, (*RegistrationToken).searched, (*RegistrationToken).id, r.store.SearchRegistrationTokens)
		if err != nil {
			return nil, err
		}
		found.RegistrationTokens = addNew(found.RegistrationTokens, rows, s.Limit, (*RegistrationToken).id)
	}
	for _, q.Field = range s.AuthTokens {
		rows, err := matches(ctx, v, q, v.AuthToken, (*AuthToken).searched, (*AuthToken).id, r.store.SearchAuthTokens)
		if err != nil {
			return nil, err
		}
		found.AuthTokens = addNew(found.AuthTokens, rows, s.Limit, (*AuthToken).id)
	}
	for _, q.Field = range s.Refused {
		rows, err := matches(ctx, v, q, v.refusedAttempt, (*RefusedAttempt).searched, (*RefusedAttempt).id, r.store.SearchRefusedAttempts)
		if err != nil {
			return nil, err
		}
		found.Refused = addNew(found.Refused, rows, s.Limit, (*RefusedAttempt).id)
	}
	return found, nil
}

// maxMaskedMatches is how many texts with an address may begin like a search. The
// database finds them in the order of what is hidden, so that a part of more would
// reveal it; then none is shown.
const maxMaskedMatches = 1_000

// matches asks for rows. In a search by beginning, a viewer who sees addresses
// masked finds what begins with the text as shown to them: first the rows without
// an address, then the others, newest first.
func matches[R, T any](
	ctx context.Context, v Viewer, q models.Search,
	show func(*R) T, text func(*T, models.SearchField) string, id func(*T) string, ask func(context.Context, models.Search) ([]R, error),
) ([]T, error) {
	q.AsMasked = v.Masked()
	rows, err := ask(ctx, q)
	found := shown(rows, show)
	if err != nil || !q.AsMasked || !q.Beginning {
		return found, err
	}
	q.AsMasked, q.OnlyMasked, q.Limit = false, true, maxMaskedMatches+1
	rows, err = ask(ctx, q)
	if err != nil || len(rows) > maxMaskedMatches {
		return found, err
	}
	masked := slices.DeleteFunc(shown(rows, show), func(row T) bool {
		return !strings.HasPrefix(strings.ToLower(text(&row, q.Field)), strings.ToLower(q.Text))
	})
	slices.SortFunc(masked, func(a, b T) int { return strings.Compare(id(&b), id(&a)) })
	return append(found, masked...), nil
}

// searched is the text of a field that is searched by its beginning.
func (t *RegistrationToken) searched(field models.SearchField) string {
	if field == models.SearchID {
		return t.ID
	}
	return t.Identifier
}

func (t *RegistrationToken) id() string { return t.ID }
func (t *AuthToken) id() string         { return t.ID }
func (a *RefusedAttempt) id() string    { return a.ID }

func (t *AuthToken) searched(field models.SearchField) string {
	return searchedOf(&t.ClaimedIdentity, field)
}

func (a *RefusedAttempt) searched(field models.SearchField) string {
	return searchedOf(&a.ClaimedIdentity, field)
}

func searchedOf(c *models.ClaimedIdentity, field models.SearchField) string {
	if field == models.SearchHost {
		return c.FQDN
	}
	return c.SystemUserName
}

// addNew appends the rows that are not there yet, up to a limit.
func addNew[T any](all, rows []T, limit int, id func(*T) string) []T {
	there := map[string]bool{}
	for i := range all {
		there[id(&all[i])] = true
	}
	for i := range rows {
		if id := id(&rows[i]); !there[id] && len(all) < limit {
			there[id], all = true, append(all, rows[i])
		}
	}
	return all
}
