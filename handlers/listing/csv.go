package listing

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
)

// csvSeparators end a cell for some reader. Where numbers have a decimal comma,
// Excel splits at semicolons and respects quotes only at the start of a cell.
const csvSeparators = ",;\t\v\f\r\n\u0085\u2028\u2029"

// formulaStarts are the characters at which spreadsheets take a cell for a
// formula, full-width and small forms included.
const formulaStarts = "=+-@＝＋－＠﹦﹢﹣﹫"

// safeCell makes a text harmless to spreadsheets: it puts an apostrophe before
// each part that one would take for a formula. They may drop white space, quotes
// and invisible characters in front of such a part.
func safeCell(text string) string {
	var safe strings.Builder
	written, part, begins := 0, 0, true
	for i, r := range text {
		switch {
		case strings.ContainsRune(csvSeparators, r):
			part, begins = i+utf8.RuneLen(r), true
		case !begins:
		case strings.ContainsRune(formulaStarts, r):
			safe.WriteString(text[written:part] + "'")
			written, begins = part, false
		default:
			begins = r == '"' || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
		}
	}
	safe.WriteString(text[written:])
	cell := safe.String()
	if cell != "" && strings.IndexByte("\t\r\x00", cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// csvWriter writes rows of harmless cells (RFC 4180).
type csvWriter struct{ w *csv.Writer }

// newCSVWriter starts with a byte order mark: without it spreadsheets read
// UTF-8 as something else.
func newCSVWriter(w io.Writer) (*csvWriter, error) {
	_, err := io.WriteString(w, "\ufeff")
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &csvWriter{w: out}, err
}

func (w *csvWriter) row(cells ...string) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = safeCell(cell)
	}
	return w.w.Write(safe)
}

func (w *csvWriter) flush() error {
	w.w.Flush()
	return w.w.Error()
}

// SendCSV answers a short file, named for the time: it is complete before any of
// it is sent. Long lists use [Export].
func SendCSV(c echo.Context, name string, now time.Time, rows [][]string) error {
	var file bytes.Buffer
	out, err := newCSVWriter(&file)
	if err != nil {
		return err
	}
	for _, cells := range rows {
		if err := out.row(cells...); err != nil {
			return err
		}
	}
	if err := out.flush(); err != nil {
		return err
	}
	csvHeaders(c, name, now)
	_, err = file.WriteTo(c.Response())
	return err
}

// csvHeaders makes the answer a file that no cache keeps.
func csvHeaders(c echo.Context, name string, now time.Time) {
	web.NoStore(c)
	web.SayAsOf(c)
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+now.UTC().Format("-2006-01-02-150405")+`.csv"`)
	c.Response().WriteHeader(http.StatusOK)
}

// CSVTime is a time as spreadsheets and scripts read it, in UTC.
func CSVTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// CSVTimeOptional is [CSVTime], or an empty cell for nil.
func CSVTimeOptional(t *time.Time) string {
	if t == nil {
		return ""
	}
	return CSVTime(*t)
}
