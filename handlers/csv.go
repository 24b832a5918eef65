package handlers

import (
	"encoding/csv"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
)

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
		safe[i] = listing.SafeCell(cell)
	}
	return w.w.Write(safe)
}

func (w *csvWriter) flush() error {
	w.w.Flush()
	return w.w.Error()
}

// csvHeaders make the answer a file that no cache keeps.
func csvHeaders(c echo.Context, name string) {
	noStore(c)
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Response().WriteHeader(http.StatusOK)
}
