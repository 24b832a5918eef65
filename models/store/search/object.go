package search

import (
	"slices"

	"muster/models"
	"muster/models/names"
	"muster/models/store/wordtable"
	"muster/models/words"
)

// rules goes up when the rules of words or masks change; then every word is cut anew.
const rules = 1

// kind is a kind of row whose words are kept here.
type kind int

const (
	registrationTokens kind = 1
	refusedAttempts    kind = 2
	notes              kind = 3
)

// Row is a row whose words are kept here.
type Row interface {
	models.RegistrationToken | models.RefusedAttempt | models.Note
}

func (k kind) table() string {
	return map[kind]string{registrationTokens: "registration_tokens", refusedAttempts: "refused_attempts", notes: "notes"}[k]
}

func kindOf[R Row]() kind { return objectOf(new(R)).kind }

// object is a row as the index knows it.
type object struct {
	kind    kind
	id      string
	entries []words.Entry
}

func objectOf[R Row](row *R) object {
	switch row := any(row).(type) {
	case *models.RegistrationToken:
		return object{registrationTokens, row.ID, entriesOf(
			[]string{row.Identifier}, []string{row.RefID1, row.RefID2, row.Note},
			whole(models.SearchLabel, row.Identifier), whole(models.SearchReference1, row.RefID1), whole(models.SearchReference2, row.RefID2))}
	case *models.RefusedAttempt:
		return object{refusedAttempts, row.ID, entriesOf(
			nil, []string{row.SystemUserName, row.FQDN, row.VerifiedIdentity.Email},
			whole(models.SearchPerson, row.SystemUserName), whole(models.SearchHost, row.FQDN), whole(models.SearchEmail, row.VerifiedIdentity.Email))}
	case *models.Note:
		return object{notes, row.ID, entriesOf(nil, []string{row.Text, row.Ticket})}
	}
	return object{}
}

// entriesOf are the words of labels, which are also found by their middle, those of
// other texts, and whole values.
func entriesOf(labels, texts []string, values ...string) []words.Entry {
	var all, masked []string
	for _, text := range labels {
		of, shown := wordtable.Both(text)
		all, masked = append(all, words.WithEnds(of)...), append(masked, words.WithEnds(shown)...)
	}
	for _, text := range texts {
		of, shown := wordtable.Both(text)
		all, masked = append(all, of...), append(masked, shown...)
	}
	entries := words.Entries(all, masked)
	slices.Sort(values)
	for _, value := range values {
		if value != "" {
			entries = append(entries, words.Entry{Form: words.Whole, Word: value})
		}
	}
	return entries
}

// whole is the value of a field as it is compared; empty for none.
func whole(field models.SearchField, text string) string {
	if text = names.Bound(names.Fold(text)); text == "" {
		return ""
	}
	return string(field) + ":" + text
}
