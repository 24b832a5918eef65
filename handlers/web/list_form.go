package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"muster/models"
)

// MaxListBody is the largest body, in bytes, of a form with a list of 5,000 lines.
const MaxListBody = 2 << 20

// BindListForm reads a form with a list, one entry a line, and perhaps an uploaded
// file, which is appended to it. KindInvalid with the field file.
func BindListForm(c echo.Context, form any, list *string) error {
	request := c.Request()
	if media, _, err := mime.ParseMediaType(request.Header.Get(echo.HeaderContentType)); err != nil || media != echo.MIMEMultipartForm {
		err = BindForm(c, form)
		*list = listLines(*list)
		return err
	}
	if err := request.ParseMultipartForm(MaxListBody); err != nil {
		if f := AsFailure(err); f.Status == http.StatusRequestEntityTooLarge {
			return models.InvalidField("file", "The list is too long: at most 2 MB can be sent, with at most 5,000 lines, at once.")
		}
		return BadRequest("The form cannot be read.")
	}
	request.Form = request.PostForm
	if err := (&echo.DefaultBinder{}).BindBody(c, form); err != nil {
		return err
	}
	*list = listLines(*list)
	for _, file := range request.MultipartForm.File["file"] {
		text, err := readUpload(file)
		if err != nil {
			return err
		}
		*list = strings.Trim(*list+"\n"+text, "\n")
	}
	return nil
}

// listLines are the lines of a textarea: browsers send CR LF, and a line break at
// either end is not text.
func listLines(text string) string {
	return strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

func readUpload(header *multipart.FileHeader) (string, error) {
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	raw, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return "", models.InvalidField("file", "The file is not UTF-8 text. In a spreadsheet, save it as “CSV UTF-8”.")
	}
	text := strings.TrimPrefix(string(raw), "\ufeff")
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), nil
}
