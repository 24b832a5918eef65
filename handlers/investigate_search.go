package handlers

import (
	"context"
	"strings"
	"unicode/utf8"

	"muster/models"
)

// searchShown is how many rows of a kind a search shows.
const searchShown = 15

// found is what a search found, newest first.
type found struct {
	registrationTokens []models.RegistrationToken
	authTokens         []models.AuthToken
	refused            []models.RefusedAttempt
}

func (f *found) number() int {
	return len(f.registrationTokens) + len(f.authTokens) + len(f.refused)
}

// searchFields are what a kind of text is compared with.
var searchFields = map[askedKind]struct{ registrationTokens, authTokens, refused []models.SearchField }{
	askedMAC: {nil, []models.SearchField{models.SearchMAC}, []models.SearchField{models.SearchMAC}},
	askedIP: {
		nil, []models.SearchField{models.SearchIP, models.SearchHost},
		[]models.SearchField{models.SearchIP, models.SearchHost},
	},
	askedEmail: {
		[]models.SearchField{models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchEmail, models.SearchPerson, models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchEmail, models.SearchPerson},
	},
	askedHint: {[]models.SearchField{models.SearchID}, nil, nil},
	askedText: {
		[]models.SearchField{models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchPerson, models.SearchHost, models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchPerson, models.SearchHost},
	},
}

// find looks for whole matches first; only when there is none, for what begins
// with the text.
func (h *adminHandler) find(ctx context.Context, actor models.Actor, a asked) (*found, error) {
	f, err := h.findMatches(ctx, actor, a, a.kind == askedHint)
	if err != nil || f.number() > 0 || a.kind != askedText || utf8.RuneCountInString(a.text) < 2 {
		return f, err
	}
	return h.findMatches(ctx, actor, a, true)
}

func (h *adminHandler) findMatches(ctx context.Context, actor models.Actor, a asked, beginning bool) (*found, error) {
	f, fields := &found{}, searchFields[a.kind]
	// Who sees addresses masked finds by what they see: a beginning would
	// spell out the rest, letter by letter.
	mask := masker(actor)
	visible := func(texts ...string) bool {
		if !beginning || !masksPersonalData(actor) {
			return true
		}
		for _, text := range texts {
			if strings.HasPrefix(strings.ToLower(mask(text)), strings.ToLower(a.text)) {
				return true
			}
		}
		return false
	}
	search := func(field models.SearchField) models.Search {
		return models.Search{Field: field, Text: a.text, Beginning: beginning, Limit: searchShown}
	}
	for _, field := range fields.registrationTokens {
		rows, err := h.store.SearchRegistrationTokens(ctx, search(field))
		if err != nil {
			return nil, err
		}
		f.registrationTokens = addNew(f.registrationTokens, rows, func(t *models.RegistrationToken) (string, bool) {
			return t.ID, field == models.SearchID || visible(t.Identifier)
		})
	}
	for _, field := range fields.authTokens {
		rows, err := h.store.SearchAuthTokens(ctx, search(field))
		if err != nil {
			return nil, err
		}
		f.authTokens = addNew(f.authTokens, rows, func(t *models.AuthToken) (string, bool) {
			return t.ID, visible(t.SystemUserName, t.FQDN)
		})
	}
	for _, field := range fields.refused {
		rows, err := h.store.SearchRefusedAttempts(ctx, search(field))
		if err != nil {
			return nil, err
		}
		f.refused = addNew(f.refused, rows, func(r *models.RefusedAttempt) (string, bool) {
			return r.ID, visible(r.SystemUserName, r.FQDN)
		})
	}
	return f, nil
}

// addNew adds the rows that are not there yet and may be shown, up to as many
// as a search shows.
func addNew[T any](all, rows []T, look func(*T) (id string, shown bool)) []T {
	seen := map[string]bool{}
	for i := range all {
		id, _ := look(&all[i])
		seen[id] = true
	}
	for i := range rows {
		if id, shown := look(&rows[i]); shown && !seen[id] && len(all) < searchShown {
			all = append(all, rows[i])
		}
	}
	return all
}

// findByID tries every kind of row that has one; nil when there is none.
func (h *adminHandler) findByID(ctx context.Context, id string) (address string, err error) {
	token, err := h.store.RegistrationToken(ctx, id)
	if err == nil {
		return registrationTokenURL(token.ID), nil
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return "", err
	}
	authToken, err := h.store.AuthToken(ctx, id)
	if err == nil {
		return authTokenURL(authToken.ID), nil
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return "", err
	}
	redemption, err := h.store.Redemption(ctx, id)
	if err == nil {
		return authTokenURL(redemption.AuthTokenID), nil
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return "", err
	}
	return "", nil
}
