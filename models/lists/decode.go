package lists

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encoding is how the text of a file was written.
type Encoding string

// The encodings that are read.
const (
	UTF8    Encoding = "UTF-8"
	UTF16   Encoding = "UTF-16"
	Windows Encoding = "Windows-1252"
)

// The reasons why a file is no text.
var (
	ErrWorkbook = errors.New("a workbook")
	ErrNoText   = errors.New("no text")
)

// Decode reads the text of a file: UTF-8, UTF-16 as Excel and PowerShell write it,
// or else Windows-1252. The text is valid UTF-8 without a byte order mark. It fails
// with ErrWorkbook for a spreadsheet that was not saved as text, and with ErrNoText
// for anything else that holds none.
func Decode(raw []byte) (string, Encoding, error) {
	for _, workbook := range []string{"PK\x03\x04", "\xd0\xcf\x11\xe0"} { // .xlsx and .ods, .xls
		if bytes.HasPrefix(raw, []byte(workbook)) {
			return "", "", ErrWorkbook
		}
	}
	text, encoding := string(raw), UTF8
	if order := byteOrder(raw); order != nil {
		text, encoding = decodeUTF16(raw, order), UTF16
	} else if !utf8.Valid(raw) {
		decoded, err := charmap.Windows1252.NewDecoder().Bytes(raw)
		if err != nil {
			return "", "", ErrNoText
		}
		text, encoding = string(decoded), Windows
	}
	text = strings.TrimPrefix(text, "\ufeff")
	binaryRune := func(r rune) bool {
		return r == 0 || encoding != UTF8 && (r == utf8.RuneError || unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r')
	}
	if strings.ContainsFunc(text, binaryRune) {
		return "", "", ErrNoText
	}
	return text, encoding, nil
}

// byteOrder is that of UTF-16; nil for other texts. Without a mark, every other
// byte of the beginning is zero.
func byteOrder(raw []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return binary.BigEndian
	case len(raw) < 4 || len(raw)%2 != 0:
		return nil
	case raw[0] == 0 && raw[1] != 0 && raw[2] == 0 && raw[3] != 0:
		return binary.BigEndian
	case raw[0] != 0 && raw[1] == 0 && raw[2] != 0 && raw[3] == 0:
		return binary.LittleEndian
	}
	return nil
}

func decodeUTF16(raw []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}
