package listing

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// written are the cells as a file.
func written(t testing.TB, cells ...string) string {
	t.Helper()
	var file strings.Builder
	w, err := newCSVWriter(&file)
	if err := errors.Join(err, w.row(cells...), w.flush()); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(file.String(), "\ufeff")
}

// readAs are the cells that readers see who take that for the separator: by
// the rules, by lax rules, and without regard to quotes.
func readAs(file string, separator rune) []string {
	var cells []string
	for _, lazy := range []bool{false, true} {
		r := csv.NewReader(strings.NewReader(file))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, lazy, -1
		for {
			record, err := r.Read()
			cells = append(cells, record...)
			if errors.Is(err, io.EOF) {
				break
			}
		}
	}
	return append(cells, strings.FieldsFunc(file, func(r rune) bool { return r == separator || r == '\r' || r == '\n' })...)
}

// startsFormula reports whether a spreadsheet may take the cell for a formula.
func startsFormula(cell string) bool {
	cell = strings.TrimLeftFunc(cell, func(r rune) bool {
		return r == '"' || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Zs, unicode.Cf)
	})
	return cell != "" && strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫", []rune(cell)[0])
}

// withGuards reports whether cell is text with nothing but apostrophes added.
// Line ends are written as CR LF.
func withGuards(cell, text string) bool {
	rest := []rune(strings.ReplaceAll(text, "\r", ""))
	for _, r := range strings.ReplaceAll(cell, "\r", "") {
		switch {
		case len(rest) > 0 && r == rest[0]:
			rest = rest[1:]
		case r != '\'':
			return false
		}
	}
	return len(rest) == 0
}

func TestSafeCell_StartsNoFormulaAtAnySeparator(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                       "",
		"Lab":                    "Lab",
		"=1+1":                   "'=1+1",
		"\tx":                    "'\tx",
		"\t=1":                   "'\t'=1",
		"a=b; c-d, e@f":          "a=b; c-d, e@f",
		"a;=cmd|' /C calc'!A0;":  "a;'=cmd|' /C calc'!A0;",
		"a, +49 30 1234":         "a,' +49 30 1234",
		"a\t-1":                  "a\t'-1",
		"list:\n- one\n- two":    "list:\n'- one\n'- two",
		`a;"=1`:                  `a;'"=1`,
		"a; \u00a0\u200b\"\"＝1":  "a;' \u00a0\u200b\"\"＝1",
		`{"a":"b","c":"-d"}`:     `{"a":"b","c":"-d"}`,
		`["a","-b"]`:             `["a",'"-b"]`,
		" @SUM(1)":               "' @SUM(1)",
		"a;'=1":                  "a;'=1",
		"https://x.example/?a=b": "https://x.example/?a=b",
	} {
		if got := safeCell(text); got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}

func FuzzCSV_NoCellStartsAFormula(f *testing.F) {
	for _, text := range []string{
		"=1", "a;=cmd|' /C calc'!A0", "\t=1", "a;\"=1\";b", "a,\"\"=1,b", "\"a;\"", "\";=1", "a\t +1", "a\r\n-1", "a\r=1", "；＝1", ";\t=1", "; \"\u200b\"@x", "\x00=1", "\xff;=1", "'", "';=1", "a;'=1",
	} {
		f.Add(text, "b")
		f.Add("b", text)
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		file := written(t, first, second) + written(t, second, first)
		for _, separator := range []rune{',', ';', '\t'} {
			for _, cell := range readAs(file, separator) {
				if startsFormula(cell) {
					t.Fatalf("split at %q, %q starts a formula; the file is %q", separator, cell, file)
				}
			}
		}
		r := csv.NewReader(strings.NewReader(file))
		r.FieldsPerRecord = -1
		records, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cells, texts := slices.Concat(records...), []string{first, second, second, first}
		if len(cells) != len(texts) {
			t.Fatalf("%d cells come back of %d: %q", len(cells), len(texts), file)
		}
		for i, cell := range cells {
			if !withGuards(cell, texts[i]) {
				t.Fatalf("%q comes back as %q", texts[i], cell)
			}
		}
	})
}
