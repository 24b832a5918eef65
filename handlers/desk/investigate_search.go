package desk

import (
	"context"
	"unicode/utf8"

	"muster/models"
	"muster/seen"
	"muster/views/paths"
)

// searchShown is how many rows of a kind a search shows.
const searchShown = 15

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

// search is how a text is searched for. A single letter begins too much.
func (a asked) search() seen.Search {
	fields := searchFields[a.kind]
	return seen.Search{
		Text: a.text, RegistrationTokens: fields.registrationTokens, AuthTokens: fields.authTokens, Refused: fields.refused,
		Beginning: a.kind == askedHint || a.kind == askedText && utf8.RuneCountInString(a.text) > 1, Limit: searchShown,
	}
}

// addressOf is the page of the one thing that was found; empty when there is
// another number of them.
func addressOf(f *seen.Found) string {
	switch {
	case f.Number() != 1:
		return ""
	case len(f.RegistrationTokens) == 1:
		return paths.RegistrationToken(f.RegistrationTokens[0].ID)
	case len(f.AuthTokens) == 1:
		return paths.AuthToken(f.AuthTokens[0].ID)
	default:
		return paths.Attempt(f.Refused[0].SupportCode)
	}
}

// addressByID tries every kind of row that has an id; empty when there is none.
func (h *Investigate) addressByID(ctx context.Context, v seen.Viewer, id string) (string, error) {
	for _, find := range []func() (string, error){
		func() (string, error) {
			_, err := h.Read.RegistrationToken(ctx, v, id)
			return paths.RegistrationToken(id), err
		},
		func() (string, error) {
			_, err := h.Read.AuthToken(ctx, v, id)
			return paths.AuthToken(id), err
		},
		func() (string, error) {
			authTokenID, err := h.Read.AuthTokenOf(ctx, id)
			return paths.AuthToken(authTokenID), err
		},
	} {
		address, err := find()
		if err == nil {
			return address, nil
		}
		if models.ErrorKind(err) != models.KindNotFound {
			return "", err
		}
	}
	return "", nil
}
