package web

import (
	"cmp"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/models/lists"
)

// MaxListBody is the largest body, in bytes, of a form with a list of 5,000 lines.
const MaxListBody = 2 << 20

// A list has at most so many lines and separators: more than one of 5,000 entries
// needs, with a line for each installation of each, or with 40 columns.
const (
	maxListLines      = 20_000
	maxListSeparators = 200_000
)

// BindListForm reads a form with a list, one entry a line, and perhaps an uploaded
// file, which is appended to it below a blank line. It returns how the file was
// written; empty without one. KindInvalid with the field file; the list of one that
// is too long is emptied, so that nobody reads it.
func BindListForm(c echo.Context, form any, list *string) (lists.Encoding, error) {
	written, err := bindList(c, form, list)
	if long := checkListSize(*list); long != nil {
		*list, err = "", cmp.Or(err, long)
	}
	return written, err
}

func checkListSize(list string) error {
	lines, separators := 0, 0
	for i := range len(list) {
		switch list[i] {
		case '\n', '\r':
			lines++
		case ';', ',', '\t', '|':
			separators++
		}
	}
	switch {
	case lines > maxListLines:
		return models.InvalidField("file", "The list is too long: at most 20,000 lines can be read at once, and 5,000 entries be made of them.")
	case separators > maxListSeparators:
		return models.InvalidField("file", "The list is too long: at most 200,000 cells can be read at once. Keep only the columns that say who it is.")
	}
	return nil
}

func bindList(c echo.Context, form any, list *string) (lists.Encoding, error) {
	request := c.Request()
	if media, _, err := mime.ParseMediaType(request.Header.Get(echo.HeaderContentType)); err != nil || media != echo.MIMEMultipartForm {
		err = BindForm(c, form)
		*list = listLines(*list)
		return "", err
	}
	if err := request.ParseMultipartForm(MaxListBody); err != nil {
		unread := UnreadBody(c, err, "The form cannot be read.")
		if unread.Code == CodeTooLarge {
			return "", models.InvalidField("file", "The list is too long: at most 2 MB can be sent, with at most 5,000 lines, at once.")
		}
		return "", unread
	}
	request.Form = request.PostForm
	if err := (&echo.DefaultBinder{}).BindBody(c, form); err != nil {
		return "", err
	}
	*list = listLines(*list)
	var written lists.Encoding
	for _, file := range request.MultipartForm.File["file"] {
		text, encoding, err := readUpload(file)
		if err != nil {
			return "", err
		}
		*list, written = strings.Trim(*list+"\n\n"+text, "\n"), encoding
	}
	return written, nil
}

// listLines are the lines of a textarea: browsers send CR LF, and a line break at
// either end is not text.
func listLines(text string) string {
	return strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

func readUpload(header *multipart.FileHeader) (string, lists.Encoding, error) {
	file, err := header.Open()
	if err != nil {
		return "", "", err
	}
	raw, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", "", err
	}
	text, encoding, err := lists.Decode(raw)
	switch {
	case errors.Is(err, lists.ErrWorkbook):
		return "", "", models.InvalidField("file", "This is a workbook. In the spreadsheet, save the sheet as CSV and choose that file.")
	case err != nil:
		return "", "", models.InvalidField("file", "This file holds no text. Save the list as CSV or text and choose that file.")
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), encoding, nil
}
