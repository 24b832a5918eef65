package visitor

import (
	"context"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/ui"
	"muster/views/words"
)

// Localized serves a page in the visitor's language: the one they chose, else the
// one their browser asks for. Error pages stay in English.
func Localized(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		code := words.Match(chosenLanguage(c), request.Header.Get("Accept-Language"))
		c.SetRequest(request.WithContext(words.In(request.Context(), code)))
		c.Response().Header().Add(echo.HeaderVary, "Accept-Language")
		err := next(c)
		if err != nil {
			c.SetRequest(c.Request().WithContext(words.In(c.Request().Context(), words.Languages()[0].Code)))
		}
		return err
	}
}

// chosenLanguage is the language picked now, which a cookie keeps, or earlier.
func chosenLanguage(c echo.Context) string {
	if chosen := c.QueryParam("lang"); words.Known(chosen) {
		web.SetCookie(c, web.LanguageCookie, chosen, web.PreferenceLife)
		return chosen
	}
	return web.CookieText(c, web.LanguageCookie)
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
