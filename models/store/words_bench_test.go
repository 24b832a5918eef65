package store_test

import (
	"fmt"
	"net/netip"
	"testing"

	"muster/models"
	"muster/models/store"
	"muster/models/store/storetest"
)

// deskSearches go from what one row has to what all have.
var deskSearches = map[string]models.Search{
	"person":       {Fields: []models.SearchField{models.SearchPerson}, Text: "user49"},
	"host":         {Fields: []models.SearchField{models.SearchHost}, Text: "host999"},
	"mac":          {Fields: []models.SearchField{models.SearchMAC}, Text: "02:00:00:0c:4b:3f"},
	"ip":           {Fields: []models.SearchField{models.SearchIP}, Text: "10.7.8.9"},
	"label":        {Fields: []models.SearchField{models.SearchLabel}, Text: "team 77"},
	"word":         {ByWords: true, Text: "host4711"},
	"commonWord":   {ByWords: true, Text: "contoso"},
	"rareOfTwo":    {ByWords: true, Text: "contoso user4711"},
	"bothCommon":   {ByWords: true, Text: "contoso seat"},
	"beginning":    {ByWords: true, Begun: true, Text: "host471"},
	"withCommon":   {ByWords: true, Begun: true, Text: "contoso user47"},
	"tooManyBegin": {ByWords: true, Begun: true, Text: "us"},
	"network":      {Network: netip.MustParsePrefix("10.7.0.0/16")},
}

// wordsOfAuthTokens is how many auth tokens the index of words is tried with.
const wordsOfAuthTokens = 5_000_000

// wordCrowd fills the index as that many auth tokens would: all have two words, ten
// have each user name, one has each host name.
var wordCrowd = map[store.Dialect]string{
	store.SQLite: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
	INSERT INTO desk_words (version, form, word, id) SELECT 1, 0, %s, printf('a%%025d', i) FROM n ORDER BY 3, 4`,
	store.PostgreSQL: `INSERT INTO desk_words (version, form, word, id) SELECT 1, 0, %[2]s, 'a' || lpad(CAST(i AS text), 25, '0') FROM generate_series(1, %[1]d) AS n(i) ORDER BY 3, 4`,
}

// BenchmarkWords asks the index of the words of 5,000,000 auth tokens.
func BenchmarkWords(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{"SQLite": storetest.SQLite, "PostgreSQL": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			s := storetest.Open(b, url(b))
			exec := func(statement string) {
				if err := s.Exec(b.Context(), statement); err != nil {
					b.Fatal(err)
				}
			}
			derive(b, s)
			for _, word := range []string{"'contoso'", "'seat'", "'user' || (i / 10)", "'host' || i"} {
				exec(fmt.Sprintf(wordCrowd[s.Dialect()], wordsOfAuthTokens, word))
			}
			if s.Dialect() == store.PostgreSQL {
				exec("VACUUM ANALYZE desk_words")
			}
			for name, q := range deskSearches {
				if !q.ByWords {
					continue
				}
				q.Limit = 15
				var total models.Total
				b.Run(name, func(b *testing.B) {
					for b.Loop() {
						found, err := s.SearchAuthTokens(b.Context(), q)
						if err != nil {
							b.Fatal(err)
						}
						total = found.Total
					}
				})
				b.Logf("%s: %+v", name, total)
			}
		})
	}
}
