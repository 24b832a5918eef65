// Package words holds the texts of the pages for end users, in every language
// Muster speaks: one catalog, with one file for each language. The
// administration speaks English, which is what a context without a language
// means.
package words

import (
	"context"
	"embed"
	"encoding/json"
	"slices"
	"strconv"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// Language is one that Muster speaks.
type Language struct {
	// Code is its BCP 47 tag, Name what its speakers call it.
	Code, Name string
}

// Languages returns those that Muster speaks, the default first.
func Languages() []Language {
	return []Language{{"en", "English"}, {"de", "Deutsch"}, {"fr", "Français"}, {"ja", "日本語"}, {"es", "Español"}}
}

// Known reports whether code is that of a language Muster speaks.
func Known(code string) bool {
	return slices.ContainsFunc(Languages(), func(l Language) bool { return l.Code == code })
}

// Match returns the language to speak to a browser: the chosen one when it is
// known, else the best of an Accept-Language header (RFC 9110 section
// 12.5.4), else English.
func Match(chosen, acceptLanguage string) string {
	if Known(chosen) {
		return chosen
	}
	var tags []language.Tag
	for _, l := range Languages() {
		tags = append(tags, language.Make(l.Code))
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return Languages()[0].Code
	}
	_, at, _ := language.NewMatcher(tags).Match(wanted...)
	return Languages()[at].Code
}

type contextKey struct{}

// In returns a context whose pages speak the language of that code; one that
// is not known is English.
func In(ctx context.Context, code string) context.Context {
	return context.WithValue(ctx, contextKey{}, code)
}

// Code is the language that the pages of ctx speak.
func Code(ctx context.Context) string {
	if code, ok := ctx.Value(contextKey{}).(string); ok && Known(code) {
		return code
	}
	return Languages()[0].Code
}

// Data fills the gaps of a text.
type Data map[string]any

// Say returns the text of that id.
func Say(ctx context.Context, id string, data ...Data) string {
	config := &i18n.LocalizeConfig{MessageID: id}
	for _, d := range data {
		config.TemplateData = map[string]any(d)
	}
	return localize(ctx, config)
}

// Count returns the text of that id in the plural form for n.
func Count(ctx context.Context, id string, n int) string {
	return localize(ctx, &i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: map[string]any{"N": Number(ctx, n)}})
}

func localize(ctx context.Context, config *i18n.LocalizeConfig) string {
	text, err := localizers()[Code(ctx)].Localize(config)
	if text == "" && err != nil {
		return config.MessageID // a test keeps the catalog complete
	}
	return text
}

// localizers reads the catalog, once.
var localizers = sync.OnceValue(func() map[string]*i18n.Localizer {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	all := map[string]*i18n.Localizer{}
	for _, l := range Languages() {
		if _, err := bundle.LoadMessageFileFS(files, l.Code+".json"); err != nil {
			panic("words: " + err.Error()) // the files are part of the program
		}
	}
	for _, l := range Languages() {
		all[l.Code] = i18n.NewLocalizer(bundle, l.Code)
	}
	return all
})

// Number shows n with its digits grouped: by commas where those are usual, else
// by narrow spaces.
func Number(ctx context.Context, n int) string {
	s, separator := strconv.Itoa(n), "\u202f"
	if code := Code(ctx); code == "en" || code == "ja" {
		separator = ","
	}
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + separator + s[i:]
	}
	return s
}
