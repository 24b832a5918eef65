package desk

import (
	"unicode/utf8"

	"muster/models"
	"muster/seen"
)

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
func (q query) search(limit int) seen.Search {
	kind, text := q.kind, q.text
	if kind == queryID {
		text = q.ids[0]
	}
	if kind == queryID || kind == querySupportCode {
		kind = queryText // a reference or a name may look like one
	}
	fields := searchFields[kind]
	return seen.Search{
		Text: text, RegistrationTokens: fields.registrationTokens, AuthTokens: fields.authTokens, Refused: fields.refused,
		Words: kind == queryText && utf8.RuneCountInString(text) > 1, Network: q.network, Limit: limit,
	}
}
