package api

import (
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
)

const (
	headerETag    = "ETag"
	headerIfMatch = "If-Match"
)

// setETag says which version of an object is answered. The tag is strong, though the
// counts in an answer move on without it: what somebody would overwrite is the same.
func setETag(c echo.Context, version string) {
	c.Response().Header().Set(headerETag, `"`+version+`"`)
}

// ifMatch are the versions that a change may start from (RFC 9110 section 13.1.1):
// nil for any, without the header and for "*". A weak tag matches nothing.
func ifMatch(c echo.Context) (models.Versions, error) {
	lines := c.Request().Header.Values(headerIfMatch)
	list := strings.Trim(strings.Join(lines, ","), " \t")
	if len(lines) == 0 || list == "*" {
		return nil, nil
	}
	versions := models.Versions{}
	for rest := list; rest != ""; {
		if trimmed := strings.TrimLeft(rest, ", \t"); trimmed != rest {
			rest = trimmed
			continue
		}
		quoted, weak := strings.CutPrefix(rest, "W/")
		tag, after, ok := readTag(quoted)
		if after = strings.TrimLeft(after, " \t"); !ok || after != "" && after[0] != ',' {
			return nil, web.BadRequest(`If-Match must be "*", or entity tags in double quotes with commas between them.`)
		}
		if !weak {
			versions = append(versions, tag)
		}
		rest = after
	}
	return versions, nil
}

// readTag reads the opaque tag that a text begins with; a comma may be in it.
func readTag(text string) (tag, after string, ok bool) {
	text, ok = strings.CutPrefix(text, `"`)
	if !ok {
		return "", "", false
	}
	tag, after, ok = strings.Cut(text, `"`)
	outside := func(r rune) bool { return r <= ' ' || r == 0x7F }
	return tag, after, ok && !strings.ContainsFunc(tag, outside)
}
