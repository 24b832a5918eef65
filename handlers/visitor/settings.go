package visitor

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/views/layout"
	"muster/views/paths"
	views "muster/views/visitor"
	"muster/views/words"
)

// PreferenceStore keeps what a person chose.
type PreferenceStore interface {
	SavePreferences(ctx context.Context, issuer, subject string, p models.Preferences) error
}

// Settings serves the page on which signed-in people of any role choose how pages
// look to them. The routes require a session, so there always is one.
type Settings struct {
	Store PreferenceStore
	Frame *web.Frame
	Now   func(c echo.Context) time.Time
}

// Show shows what is chosen, or what was sent in vain.
func (h *Settings) Show(c echo.Context) error {
	var form url.Values
	failed := web.Restore(c, &form)
	chosen, err := choose(web.Preferences(c), form)
	return h.render(c, chosen, cmp.Or(failed, err))
}

// Save keeps the fields that were sent, and leaves the others as they are.
func (h *Settings) Save(c echo.Context) error {
	var form url.Values
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	chosen, err := choose(web.Preferences(c), form)
	if err == nil {
		err = h.keep(c, chosen)
	}
	if err != nil {
		return h.render(c, chosen, err)
	}
	to := paths.Settings
	if back := web.ReturnPath(form.Get("return_to")); back != paths.Home {
		to = back
	}
	return h.Frame.Done(c, to, words.Say(inLanguageOf(c, chosen).Request().Context(), "settings.saved"))
}

// SaveTheme keeps the colours alone, for the switch in the frame, which has shown them
// already.
func (h *Settings) SaveTheme(c echo.Context) error {
	var form url.Values
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	chosen, err := choose(web.Preferences(c), url.Values{"theme": form["theme"]})
	if err == nil {
		err = h.keep(c, chosen)
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (h *Settings) keep(c echo.Context, chosen models.Preferences) error {
	person := web.SessionOf(c).Person()
	return h.Store.SavePreferences(c.Request().Context(), person.Issuer, person.Subject, chosen)
}

// choose changes what form has; KindInvalid.
func choose(p models.Preferences, form url.Values) (models.Preferences, error) {
	faults := []models.FieldError{}
	for name, value := range map[string]*string{"zone": &p.Zone, "language": &p.Language, "theme": &p.Theme} {
		if form.Has(name) {
			*value = form.Get(name)
		}
	}
	if p.Language != "" && !words.Known(p.Language) {
		faults = append(faults, models.FieldError{Field: "language", Message: "Choose one of the languages offered."})
	}
	if form.Has("rows") {
		p.Rows, _ = strconv.Atoi(form.Get("rows"))
		if p.Rows == 0 {
			p.Rows = -1 // no number is no choice
		}
	}
	if faults = append(faults, p.Faults()...); len(faults) > 0 {
		return p, models.Invalid(faults...)
	}
	return p, nil
}

func (h *Settings) render(c echo.Context, chosen models.Preferences, failed error) error {
	failure := web.FormFailure{Status: http.StatusOK}
	if failed != nil {
		var ok bool
		if failure, ok = web.AsFormFailure(c, failed, nil); !ok {
			return failed
		}
	}
	ctx := inLanguageOf(c, web.Preferences(c)).Request().Context()
	frame, err := h.Frame.Page(c, words.Say(ctx, "settings.title"), layout.NavNone)
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.Notices...)
	browsers := web.CookieText(c, web.ZoneCookie)
	if _, err := models.LoadZone(browsers); err != nil {
		browsers = ""
	}
	return web.RenderQuietly(c, failure.Status, views.Settings(views.SettingsPage{
		Page: frame, Chosen: chosen, BrowsersZone: browsers, Now: h.Now(c), Errors: failure.Errors,
	}))
}

// inLanguageOf lets c speak English to those who administer or help: their pages do.
// To others it speaks the language that they chose.
func inLanguageOf(c echo.Context, chosen models.Preferences) echo.Context {
	code := chosen.Language
	if web.Actor(c).Role != models.RoleNone {
		code = words.Languages()[0].Code
	}
	if code != "" {
		c.SetRequest(c.Request().WithContext(words.In(c.Request().Context(), code)))
	}
	return c
}
