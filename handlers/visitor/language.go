package visitor

import (
	"cmp"
	"context"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/ui"
	"muster/views/words"
)

// Languages serves pages in the visitor's language.
type Languages struct{ Store PreferenceStore }

// Localized serves a page in the visitor's language: the one they chose, else the
// one their browser asks for. Error pages stay in English.
func (l Languages) Localized(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		chosen, err := l.chosen(c)
		if err != nil {
			return err
		}
		code := words.Match(chosen, request.Header.Get("Accept-Language"))
		c.SetRequest(request.WithContext(words.In(request.Context(), code)))
		c.Response().Header().Add(echo.HeaderVary, "Accept-Language")
		err = next(c)
		if err != nil {
			c.SetRequest(c.Request().WithContext(words.In(c.Request().Context(), words.Languages()[0].Code)))
		}
		return err
	}
}

// chosen is the language picked now, which a cookie keeps, or earlier: in the settings,
// which keep up with what is picked, else in this browser.
func (l Languages) chosen(c echo.Context) (string, error) {
	settings := web.Preferences(c)
	if chosen := c.QueryParam("lang"); words.Known(chosen) {
		web.SetCookie(c, web.LanguageCookie, chosen, web.PreferenceLife)
		if settings.Language == "" || settings.Language == chosen {
			return chosen, nil
		}
		person := web.SessionOf(c).Person()
		settings.Language = chosen
		return chosen, l.Store.SavePreferences(c.Request().Context(), person.Issuer, person.Subject, settings)
	}
	return cmp.Or(settings.Language, web.CookieText(c, web.LanguageCookie)), nil
}

// fieldErrors says what is wrong with a form, in the language of the page.
func fieldErrors(ctx context.Context, err *models.Error) ui.FieldErrors {
	errs := ui.FieldErrors{}
	for _, f := range err.Fields {
		if errs[f.Field] != "" {
			continue
		}
		errs[f.Field] = f.Message
		if f.Rule != "" {
			errs[f.Field] = words.Say(ctx, "rule."+string(f.Rule), words.Data{
				"Field": words.Say(ctx, "field."+f.Field), "Length": f.Length, "Limit": f.Limit,
			})
		}
	}
	return errs
}
