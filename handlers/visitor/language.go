package visitor

import (
	"context"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/ui"
	"muster/views/words"
)

// Localized makes a page speak its visitor's language: the one they chose, else
// the one their browser asks for. Error pages stay English.
func Localized(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		english := c.Request()
		code := words.Match(chosenLanguage(c), english.Header.Get("Accept-Language"))
		c.SetRequest(english.WithContext(words.In(english.Context(), code)))
		c.Response().Header().Add(echo.HeaderVary, "Accept-Language")
		err := next(c)
		if err != nil {
			c.SetRequest(english)
		}
		return err
	}
}

// chosenLanguage is the one a person picked now, which is kept, or before.
func chosenLanguage(c echo.Context) string {
	if chosen := c.QueryParam("lang"); words.Known(chosen) {
		web.SetCookie(c, web.LanguageCookie, chosen, web.PreferenceLife)
		return chosen
	}
	cookie, err := c.Cookie(web.LanguageCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// fieldErrors tells what is wrong with a form in the page's language.
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
