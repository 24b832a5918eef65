package seen

import (
	"context"

	"muster/models"
)

// Search is a text that the desk looks for, in the fields of each kind of row.
type Search struct {
	Text                                    string
	RegistrationTokens, AuthTokens, Refused []models.SearchField
	// Beginning finds what begins with the text too, where nothing is called
	// just that.
	Beginning bool
	// Limit is how many rows of a kind at most; positive.
	Limit int
}

// Found is what a search found, newest first.
type Found struct {
	RegistrationTokens []RegistrationToken
	AuthTokens         []AuthToken
	Refused            []RefusedAttempt
}

// Number is how many rows there are.
func (f *Found) Number() int { return len(f.RegistrationTokens) + len(f.AuthTokens) + len(f.Refused) }

// Search looks for whole matches first; only when there is none, for what
// begins with the text. KindRateLimited as of [Reader.LookUp].
func (r *Reader) Search(ctx context.Context, v Viewer, s Search) (*Found, error) {
	if err := r.LookUp(ctx, v, map[string]string{"search": s.Text}); err != nil {
		return nil, err
	}
	found, err := r.search(ctx, v, s, false)
	if err != nil || found.Number() > 0 || !s.Beginning {
		return found, err
	}
	return r.search(ctx, v, s, true)
}

func (r *Reader) search(ctx context.Context, v Viewer, s Search, beginning bool) (*Found, error) {
	found := &Found{}
	question := models.Search{Text: s.Text, Beginning: beginning, AsMasked: v.Masked(), Limit: s.Limit}
	for _, question.Field = range s.RegistrationTokens {
		rows, err := r.store.SearchRegistrationTokens(ctx, question)
		if err != nil {
			return nil, err
		}
		found.RegistrationTokens = addNew(found.RegistrationTokens, shown(rows, v.RegistrationToken), s.Limit, func(t *RegistrationToken) string { return t.ID })
	}
	for _, question.Field = range s.AuthTokens {
		rows, err := r.store.SearchAuthTokens(ctx, question)
		if err != nil {
			return nil, err
		}
		found.AuthTokens = addNew(found.AuthTokens, shown(rows, v.AuthToken), s.Limit, func(t *AuthToken) string { return t.ID })
	}
	for _, question.Field = range s.Refused {
		rows, err := r.store.SearchRefusedAttempts(ctx, question)
		if err != nil {
			return nil, err
		}
		found.Refused = addNew(found.Refused, shown(rows, v.refusedAttempt), s.Limit, func(a *RefusedAttempt) string { return a.ID })
	}
	return found, nil
}

// addNew adds the rows that are not there yet, up to a limit.
func addNew[T any](all, rows []T, limit int, id func(*T) string) []T {
	there := map[string]bool{}
	for i := range all {
		there[id(&all[i])] = true
	}
	for i := range rows {
		if !there[id(&rows[i])] && len(all) < limit {
			all = append(all, rows[i])
		}
	}
	return all
}
