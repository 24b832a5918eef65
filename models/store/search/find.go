package search

import (
	"strings"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/store/projection"
)

// Each of these finds the ids of the newest rows that a search fits, at most
// q.Limit, and how many there are. tx must read one state of the database.

// AuthTokens finds auth tokens by what the projection knows of them.
func AuthTokens(tx *gorm.DB, q models.Search) ([]string, models.Total, error) {
	at, err := projection.PositionOf(tx)
	if err != nil {
		return nil, models.Total{}, err
	}
	return find(tx, q, wordIndex{projection.Words(at.Version)}, desk{tx, at.Version, q.AsMasked}.equal, part{"desk_uses WHERE version = ? AND ip <> ''", []any{at.Version}})
}

// RefusedAttempts finds refused attempts.
func RefusedAttempts(tx *gorm.DB, q models.Search) ([]string, models.Total, error) {
	return find(tx, q, indexOf(refusedAttempts), equalAttempts, part{"refused_attempts WHERE ip <> ''", nil})
}

// RegistrationTokens finds registration tokens, which are in no network.
func RegistrationTokens(tx *gorm.DB, q models.Search) ([]string, models.Total, error) {
	if q.Network.IsValid() {
		return nil, models.Total{}, nil
	}
	return find(tx, q, indexOf(registrationTokens), equalTokens, part{})
}

// Notes finds notes by their words.
func Notes(tx *gorm.DB, q models.Search) ([]string, models.Total, error) {
	if !q.ByWords {
		return nil, models.Total{}, nil
	}
	return find(tx, q, indexOf(notes), nil, part{})
}

// part is a part of a statement, with its values.
type part struct {
	sql  string
	args []any
}

// equal are the parts of a statement that find rows whose field equals a text, each
// along an index; none for a field that the kind of row lacks.
type equal func(field models.SearchField, text string) ([]part, error)

func find(tx *gorm.DB, q models.Search, words wordIndex, equal equal, networks part) ([]string, models.Total, error) {
	switch {
	case q.Limit < 1:
		return nil, models.Total{}, nil
	case q.Network.IsValid():
		return inNetwork(tx, q, networks)
	case q.ByWords:
		return words.find(tx, q)
	}
	var parts []part
	for _, field := range q.Fields {
		more, err := equal(field, q.Text)
		if err != nil {
			return nil, models.Total{}, err
		}
		parts = append(parts, more...)
	}
	return newest(tx, parts, nil, q.Limit)
}

// newest reads the newest ids of parts, those that all conditions hold for.
func newest(tx *gorm.DB, parts, conditions []part, limit int) ([]string, models.Total, error) {
	if len(parts) == 0 {
		return nil, models.Total{}, nil
	}
	from := union(parts)
	statement, args := "SELECT DISTINCT id FROM ("+from.sql+") AS found WHERE TRUE", from.args
	for _, c := range conditions {
		statement, args = statement+" AND "+c.sql, append(args, c.args...)
	}
	var ids []string
	err := tx.Raw(statement+" ORDER BY id DESC LIMIT ?", append(args, models.MaxCounted+1)...).Scan(&ids).Error
	return cut(ids, limit), totalOf(len(ids)), err
}

func cut(ids []string, limit int) []string { return ids[:min(len(ids), limit)] }

func totalOf(n int) models.Total {
	return models.Total{Number: min(n, models.MaxCounted), More: n > models.MaxCounted}
}

// union is all of the parts, each of which may have an order and a limit.
func union(parts []part) part {
	texts := make([]string, len(parts))
	var args []any
	for i, p := range parts {
		texts[i], args = "SELECT id FROM ("+p.sql+") AS part", append(args, p.args...)
	}
	return part{strings.Join(texts, " UNION ALL "), args}
}
