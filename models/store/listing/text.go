package listing

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/database"
)

// Texts compares texts of a database without regard to case.
type Texts struct{ db *database.Database }

// NewTexts compares those of db.
func NewTexts(db *database.Database) Texts { return Texts{db} }

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// fold is a column for comparison with lower-case text. SQLite's own operators are
// several times as fast as a call for each row, so they are used where they are
// enough.
func (t Texts) fold(column, text string) (folded, collate string) {
	if t.db.Dialect == database.SQLite && isASCII(text) {
		return column, " COLLATE NOCASE" // LIKE ignores the case of ASCII by itself
	}
	return strings.Replace(t.db.LowerFormat, "%s", column, 1), ""
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// spellings are a text in lower case as databases may have it: an accent is part of its
// letter, or a character of its own as on a Mac; and ß, which capitals write SS.
func spellings(text string) []string {
	lower := strings.ToLower(text)
	all := []string{lower}
	for _, other := range []string{
		norm.NFC.String(lower), norm.NFD.String(lower), strings.ReplaceAll(lower, "ss", "ß"), strings.ReplaceAll(lower, "ß", "ss"),
	} {
		if !slices.Contains(all, other) {
			all = append(all, other)
		}
	}
	return all
}

// Contains is the condition that one of the columns contains text, ignoring case.
func (t Texts) Contains(tx *gorm.DB, text string, columns ...string) *gorm.DB {
	var conditions []string
	var args []any
	for _, spelling := range spellings(text) {
		for _, column := range columns {
			folded, _ := t.fold(column, text)
			conditions = append(conditions, folded+` LIKE ? ESCAPE '\'`)
			args = append(args, "%"+likeEscaper.Replace(spelling)+"%")
		}
	}
	return tx.Where("("+strings.Join(conditions, " OR ")+")", args...)
}

// ContainsAsMasked is Contains for readers who see e-mail and IP addresses masked:
// texts that may contain one, and all of addresses, match only as a whole.
func (t Texts) ContainsAsMasked(tx *gorm.DB, text string, texts, addresses []string) *gorm.DB {
	var conditions []string
	var args []any
	for _, whole := range spellings(text) {
		pattern := "%" + likeEscaper.Replace(whole) + "%"
		for _, column := range texts {
			folded, collate := t.fold(column, text)
			conditions = append(conditions, "("+folded+` LIKE ? ESCAPE '\' AND NOT `+t.mayHoldAddress(column)+")", folded+" = ?"+collate)
			args = append(args, pattern, whole)
		}
		for _, column := range addresses {
			folded, collate := t.fold(column, text)
			conditions = append(conditions, folded+" = ?"+collate)
			args = append(args, whole)
		}
	}
	return tx.Where("("+strings.Join(conditions, " OR ")+")", args...)
}

// Compare keeps the rows whose column meets a criterion. For readers who see e-mail and
// IP addresses masked it is as [Texts.ContainsAsMasked]; addresses has nothing else.
func (t Texts) Compare(tx *gorm.DB, column string, c models.Criterion, asMasked, addresses bool) *gorm.DB {
	folded, collate := t.fold(column, c.Text)
	equal := folded + " = ?" + collate
	var conditions []string
	var args []any
	for _, whole := range spellings(c.Text) {
		pattern := likeEscaper.Replace(whole) + "%"
		if c.Comparison == models.ComparisonContains {
			pattern = "%" + pattern
		}
		switch {
		case c.Comparison == models.ComparisonExact || asMasked && addresses:
			conditions, args = append(conditions, equal), append(args, whole)
		case asMasked:
			conditions = append(conditions, folded+` LIKE ? ESCAPE '\' AND NOT `+t.mayHoldAddress(column)+" OR "+equal)
			args = append(args, pattern, whole)
		default:
			conditions, args = append(conditions, folded+` LIKE ? ESCAPE '\'`), append(args, pattern)
		}
	}
	return tx.Where("("+strings.Join(conditions, " OR ")+")", args...)
}

// mayHoldAddress is [models.MayHoldAddress] in SQL.
func (t Texts) mayHoldAddress(column string) string {
	if t.db.Dialect == database.PostgreSQL {
		return "(" + column + " ~ '" + models.AddressPattern + "')"
	}
	return "may_hold_address(" + column + ")"
}

// AsMasked is the list for readers who see e-mail and IP addresses masked: texts
// of the field that may contain one sort as equal, so that the order does not
// depend on what is hidden.
func AsMasked[T any](t Texts, l List[T], field string) List[T] {
	whole := l.Sorts[field]
	l.Sorts = maps.Clone(l.Sorts)
	l.Sorts[field] = Order[T]{
		expression: "CASE WHEN " + t.mayHoldAddress(whole.expression) + " THEN '' ELSE " + whole.expression + " END",
		value: func(row *T) any {
			if text, _ := whole.value(row).(string); !models.MayHoldAddress(text) {
				return text
			}
			return ""
		},
	}
	return l
}
