package ui_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/views/ui"
)

var (
	wholeName = regexp.MustCompile(`<span class="inline-block max-w-full break-all">([^<]*)</span>`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
)

func TestProseKeepsNamesWholeAndEverythingElseAsItIs(t *testing.T) {
	t.Parallel()
	for text, names := range map[string][]string{
		"":                    nil,
		"Nobody is waiting.":  nil,
		"1 – 2 - 3 of 25.":    nil,
		"PC-TUE-0012 took 5.": {"PC-TUE-0012"},
		"Held by a-1.b.example, c-2.b.example and 94 more.": {"a-1.b.example,", "c-2.b.example"},
		"Of (ada@contoso.example)  and <b>x-y</b>":          {"(ada@contoso.example)", "<b>x-y</b>"},
		"مكتب-١٢ took 2":                                    {"مكتب-١٢"},
	} {
		var page strings.Builder
		if err := ui.Prose(text).Render(t.Context(), &page); err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, match := range wholeName.FindAllStringSubmatch(page.String(), -1) {
			found = append(found, html.UnescapeString(match[1]))
		}
		if !slices.Equal(found, names) {
			t.Errorf("%q keeps %q whole, want %q", text, found, names)
		}
		if read := html.UnescapeString(anyTag.ReplaceAllString(page.String(), "")); read != text {
			t.Errorf("%q reads as %q", text, read)
		}
	}
}
