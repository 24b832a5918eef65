package desk

import (
	"unicode/utf8"

	"muster/models"
	"muster/seen"
	"muster/views/paths"
)

// searchShown is how many rows of a kind a search shows.
const searchShown = 15

// searchFields are what a kind of text is compared with.
var searchFields = map[queryKind]struct{ registrationTokens, authTokens, refused []models.SearchField }{
	queryMAC: {nil, []models.SearchField{models.SearchMAC}, []models.SearchField{models.SearchMAC}},
	queryIP: {
		nil, []models.SearchField{models.SearchIP, models.SearchHost},
		[]models.SearchField{models.SearchIP, models.SearchHost},
	},
	queryEmail: {
		[]models.SearchField{models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchEmail, models.SearchPerson, models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchEmail, models.SearchPerson},
	},
	queryHint: {[]models.SearchField{models.SearchID}, nil, nil},
	queryText: {
		[]models.SearchField{models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchPerson, models.SearchHost, models.SearchLabel, models.SearchReference1, models.SearchReference2},
		[]models.SearchField{models.SearchPerson, models.SearchHost},
	},
}

// search says how to search for the text. A single letter would match too much.
func (q query) search() seen.Search {
	fields := searchFields[q.kind]
	return seen.Search{
		Text: q.text, RegistrationTokens: fields.registrationTokens, AuthTokens: fields.authTokens, Refused: fields.refused,
		Words: q.kind == queryText && utf8.RuneCountInString(q.text) > 1, Limit: searchShown,
	}
}

// addressOf is the page of the only hit; empty when there are none or several.
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
