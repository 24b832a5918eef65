package search

import (
	"slices"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/wordtable"
	"muster/models/words"
)

const (
	// mostEntries is how many entries of a word are read where they have to be put in
	// order, or compared with those of other words.
	mostEntries = 100_000
	// mostWords is how many words of a text count: the longest.
	mostWords = 10
	// shortestBeginning is how many characters a word that is only begun has at least.
	shortestBeginning = 2
	highestRune       = "\U0010FFFF" // sorts after every character of a word
)

// wordIndex finds rows in a table of words.
type wordIndex struct{ wordtable.Table }

func indexOf(k kind) wordIndex { return wordIndex{k.words()} }

// term is a word that is looked for.
type term struct {
	words.Word
	begun bool
}

// find finds the rows that have all words of a text.
//
// The entries of one word are in the order of time, so the newest are read first,
// however many there are. What has a beginning is in the order of words, and what has
// several words has to be compared: so the word with the fewest entries is read
// whole, if these are few enough, and the others are looked up one by one.
func (x wordIndex) find(tx *gorm.DB, q models.Search) ([]string, models.Total, error) {
	forms, terms := words.Forms(q.AsMasked), termsOf(q)
	if len(terms) == 0 {
		return nil, models.Total{}, nil
	}
	if len(terms) == 1 && !terms[0].begun {
		return newest(tx, x.entries(terms[0], forms, models.MaxCounted+1), nil, q.Limit)
	}
	rarest, fewest := 0, mostEntries+1
	for i, t := range terms {
		counted := union(x.entries(t, forms, mostEntries+1))
		var n int
		if err := tx.Raw("SELECT COUNT(*) FROM ("+counted.sql+") AS counted", counted.args...).Scan(&n).Error; err != nil {
			return nil, models.Total{}, err
		}
		switch {
		case n == 0:
			return nil, models.Total{}, nil
		case t.begun && n > mostEntries:
			return nil, models.Total{TooMany: true}, nil
		case t.begun: // the others can be looked up, this one cannot
			rarest, fewest = i, 0
		case n < fewest:
			rarest, fewest = i, n
		}
	}
	if fewest > mostEntries {
		return nil, models.Total{TooMany: true}, nil
	}
	var others []part
	for i, t := range terms {
		if i != rarest {
			others = append(others, x.has(t, forms))
		}
	}
	return newest(tx, x.entries(terms[rarest], forms, mostEntries), others, q.Limit)
}

func termsOf(q models.Search) []term {
	var terms []term
	for _, word := range words.Query(q.Text) {
		terms = append(terms, term{Word: word})
	}
	if len(terms) > mostWords {
		slices.SortStableFunc(terms, func(a, b term) int { return len(b.Word[0]) - len(a.Word[0]) })
		terms = terms[:mostWords]
	} else if last := len(terms) - 1; last >= 0 && q.Begun && len([]rune(terms[last].Word[0])) >= shortestBeginning {
		terms[last].begun = true
	}
	return terms
}

// entries are the entries of a word in some forms, at most limit of each: the newest,
// or the first in the order of words where it is only begun.
func (x wordIndex) entries(t term, forms []words.Form, limit int) []part {
	var parts []part
	for _, form := range forms {
		for _, word := range t.Word {
			from := "SELECT id FROM " + x.Name + " WHERE " + x.Owner + " = ? AND form = ? AND "
			if t.begun {
				parts = append(parts, part{from + "word >= ? AND word < ? ORDER BY word, id LIMIT ?", []any{x.Is, int(form), word, word + highestRune, limit}})
			} else {
				parts = append(parts, part{from + "word = ? ORDER BY id DESC LIMIT ?", []any{x.Is, int(form), word, limit}})
			}
		}
	}
	return parts
}

// has is the condition that a row found has a word. A subquery with a limit is looked
// up for each row: joined, PostgreSQL might read all entries of a common word.
func (x wordIndex) has(t term, forms []words.Form) part {
	return part{"(SELECT 1 FROM " + x.Name + " AS other WHERE other." + x.Owner + " = ? AND other.form IN ? AND other.word IN ? AND other.id = found.id LIMIT 1) = 1",
		[]any{x.Is, forms, []string(t.Word)}}
}
