package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/views/paths"
)

const wrapRegistrationToken = "registrationToken"

// RegistrationTokens serves registration tokens to administrators and the helpdesk.
// Callers who see addresses masked get every answer masked, even the one to their
// own change: it shows the whole row, including what others wrote.
type RegistrationTokens struct {
	Read   RegistrationTokenReader
	Tokens RegistrationTokenService
	Now    func() time.Time
	// MaxLifetime is how far ahead an expiry may be.
	MaxLifetime time.Duration
	// CountLookup counts a look-up by secret for an actor, so that a stolen
	// credential does not become an oracle. KindRateLimited after too many.
	CountLookup func(actorID string) error
	Guess       web.Guess
}

// RegistrationTokenReader reads registration tokens as their viewer may see
// them; see [seen.Reader].
type RegistrationTokenReader interface {
	RegistrationToken(ctx context.Context, v seen.Viewer, id string) (*seen.RegistrationToken, error)
	RegistrationTokens(ctx context.Context, v seen.Viewer, f models.RegistrationTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.RegistrationToken], error)
	CustomerID(ctx context.Context, v seen.Viewer, idOrIdentifier string) (string, error)
	Verdict(ctx context.Context, v seen.Viewer, t *seen.RegistrationToken, now time.Time) (seen.Verdict, error)
}

// RegistrationTokenService changes registration tokens; see the token service.
type RegistrationTokenService interface {
	CreateRegistrationToken(ctx context.Context, actor models.Actor, s models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	UpdateRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, error)
	ResetRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, error)
	ReplaceRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	DeleteRegistrationToken(ctx context.Context, actor models.Actor, id string, d models.RegistrationTokenDeletion) (int, error)
	LookupRegistrationToken(ctx context.Context, actor models.Actor, secret models.Secret) (*models.RegistrationToken, error)
}

// wrapped is the body of an answer about one, as its caller may see it.
func (h *RegistrationTokens) wrapped(c echo.Context, t *models.RegistrationToken, secret models.Secret) map[string]registrationTokenJSON {
	shown := web.Viewer(c).RegistrationToken(t)
	setETag(c, shown.Version())
	return map[string]registrationTokenJSON{wrapRegistrationToken: registrationTokenJSONOf(&shown, secret, h.Now().UTC())}
}

// settings reads the body of a call that creates or changes one.
func (h *RegistrationTokens) settings(c echo.Context, rules settingsRules) (models.RegistrationTokenSettings, error) {
	rules.now, rules.longest = h.Now().UTC(), h.MaxLifetime
	return readJSON(c, func(body []byte, f *faults) (models.RegistrationTokenSettings, error) {
		return decodeSettings(body, f, rules)
	})
}

// Create creates one.
func (h *RegistrationTokens) Create(c echo.Context) error {
	return h.create(c, settingsRules{countRequired: true}, h.Tokens.CreateRegistrationToken)
}

// Replace creates the successor; it takes over every setting left out.
func (h *RegistrationTokens) Replace(c echo.Context) error {
	return h.create(c, settingsRules{bodyOptional: true, nulls: nullClears},
		func(ctx context.Context, actor models.Actor, s models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error) {
			return h.Tokens.ReplaceRegistrationToken(ctx, actor, c.Param("id"), s)
		})
}

// create answers a new one with its secret, once.
func (h *RegistrationTokens) create(
	c echo.Context, rules settingsRules,
	create func(context.Context, models.Actor, models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error),
) error {
	settings, err := h.settings(c, rules)
	if err != nil {
		return err
	}
	t, secret, err := create(c.Request().Context(), web.Actor(c), settings)
	if err != nil {
		return err
	}
	return created(c, paths.APIRegistrationToken(t.ID), h.wrapped(c, t, secret))
}

// Show answers one.
func (h *RegistrationTokens) Show(c echo.Context) error {
	if err := noParameters(c); err != nil {
		return err
	}
	t, err := h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	setETag(c, t.Version())
	return answer(c, http.StatusOK, map[string]registrationTokenJSON{wrapRegistrationToken: registrationTokenJSONOf(t, "", h.Now().UTC())})
}

// Patch changes the given settings and keeps the rest.
func (h *RegistrationTokens) Patch(c echo.Context) error {
	return h.change(c, settingsRules{nulls: nullClears}, h.Tokens.UpdateRegistrationToken)
}

// Put replaces the settings; those left out become the defaults. What GET answered can be
// given back.
func (h *RegistrationTokens) Put(c echo.Context) error {
	present, err := h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil && models.ErrorKind(err) != models.KindNotFound { // that is told after the body is judged
		return err
	}
	return h.change(c, settingsRules{countRequired: true, present: present}, h.Tokens.ResetRegistrationToken)
}

func (h *RegistrationTokens) change(
	c echo.Context, rules settingsRules,
	change func(context.Context, models.Actor, string, models.RegistrationTokenSettings) (*models.RegistrationToken, error),
) error {
	settings, err := h.settings(c, rules)
	if err != nil {
		return err
	}
	if settings.IfVersion, err = ifMatch(c); err != nil {
		return err
	}
	t, err := change(c.Request().Context(), web.Actor(c), c.Param("id"), settings)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, h.wrapped(c, t, ""))
}

// Delete deletes one, and keeps its auth tokens unless asked otherwise.
func (h *RegistrationTokens) Delete(c echo.Context) error {
	var f faults
	q := readQuery(c, &f, "authTokens")
	deletion := models.RegistrationTokenDeletion{AuthTokens: choice(q, "authTokens", []string{"keep", "delete"}) == "delete"}
	if err := noBody(c, &f, "Give authTokens=keep or authTokens=delete in the query."); err != nil {
		return err
	}
	err := f.err()
	if err == nil {
		deletion.IfVersion, err = ifMatch(c)
	}
	if err != nil {
		return err
	}
	if _, err := h.Tokens.DeleteRegistrationToken(c.Request().Context(), web.Actor(c), c.Param("id"), deletion); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// Lookup finds a registration token by its secret. Look-ups are audited, and
// limited per actor.
func (h *RegistrationTokens) Lookup(c echo.Context) error {
	secret, err := readJSON(c, decodeLookup)
	if err != nil {
		return err
	}
	if err := h.CountLookup(web.Actor(c).ID); err != nil {
		return err
	}
	t, err := h.Tokens.LookupRegistrationToken(c.Request().Context(), web.Actor(c), secret)
	if err != nil {
		return h.Guess.Judge(c, err)
	}
	return answer(c, http.StatusOK, h.wrapped(c, t, ""))
}

func decodeLookup(body []byte, f *faults) (models.Secret, error) {
	o, err := parseObject(body, f)
	if err != nil {
		return "", err
	}
	token, given := o.text("token"), len(f.fields)
	o.finish()
	if given == 0 && (token == nil || *token == "") {
		f.add("token", "token is required: the whole registration token.")
	}
	if err := f.err(); err != nil {
		return "", err
	}
	return models.Secret(*token), nil
}
