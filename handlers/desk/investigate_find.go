package desk

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	"muster/tokens/secrets"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
)

// Find recognises what was pasted and leads on: from a secret to what it belongs
// to, and from anything else to its results, which have an address. A secret comes in
// the body only, and no address has any part of it that is not public (rule 10).
func (h *Investigate) Find(c echo.Context) error {
	var form views.InvestigateForm
	if err := web.BindForm(c, &form); err != nil {
		return err
	}
	q := recognise(form.Query)
	switch q.kind {
	case queryRegistrationToken:
		return h.findRegistrationToken(c, models.Secret(q.text))
	case queryRefreshToken, queryAccessToken:
		return h.findAuthToken(c, models.Secret(q.text), q.kind)
	case queryAPIKey:
		return answer(c, telling.AnswerAPIKey, "")
	case queryMistyped:
		return h.findMistyped(c, q.text)
	case queryNothing:
		return answer(c, telling.AnswerNothing, "")
	case queryResult:
		return web.Redirect(c, paths.Results(url.Values{paths.ParamRef: {q.text}}))
	default:
		return h.leadToResults(c, q)
	}
}

// leadToResults leads to the address of what is found.
func (h *Investigate) leadToResults(c echo.Context, q query) error {
	if bad := models.CheckText("query", q.spelled(), models.MaxNameLength, false); bad != nil {
		return answer(c, telling.AnswerUnreadable, "")
	}
	address, err := h.resultAddress(q)
	if err != nil {
		return err
	}
	return web.Redirect(c, paths.Results(address))
}

// resultAddress is the address of the results of a query.
func (h *Investigate) resultAddress(q query) (url.Values, error) {
	if q.isOpen() {
		return url.Values{paths.ParamQuery: {q.spelled()}}, nil
	}
	sealed, err := h.Read.Sealed(q.spelled())
	return url.Values{paths.ParamRef: {sealed}}, err
}

// spelled is a query as text, without what stood around it: recognised again, it
// is the same.
func (q query) spelled() string {
	const label = "support code "
	switch {
	case q.kind == queryHint:
		return string(secrets.RegistrationToken) + q.text
	case q.kind == queryID:
		return strings.Join(q.ids, " ")
	case q.kind == queryNetwork:
		return q.network.String()
	case len(q.codes) > 1:
		return label + strings.Join(q.codes, " ")
	case q.says && !recognise(q.text).says:
		return label + q.text
	default:
		return q.text
	}
}

// unbroken is so long that it might be a part of a secret.
var unbroken = regexp.MustCompile(`[0-9A-Za-z]{16,}`)

// isOpen reports whether a query may stand in an address as it is. Whoever reads the
// address then learns no e-mail or IP address, nor the beginning of one, and nothing
// that may be a part of a secret.
func (q query) isOpen() bool {
	text := q.spelled()
	return !q.network.IsValid() && !seen.HoldsAddress(text) && !unbroken.MatchString(text)
}

// answer leads to the address that says what became of something pasted. Of is
// the public id of what a mistyped secret may belong to.
func answer(c echo.Context, name, of string) error {
	values := url.Values{paths.ParamAnswer: {name}}
	if of != "" {
		values.Set(paths.ParamOf, of)
	}
	return web.Redirect(c, paths.Results(values))
}

// answered says what became of something pasted.
func (h *Investigate) answered(c echo.Context) error {
	name := c.QueryParam(paths.ParamAnswer)
	page := views.InvestigatePage{Error: telling.InvestigateAnswer(name)}
	if page.Error == "" {
		return web.Redirect(c, paths.Investigate)
	}
	if of := c.QueryParam(paths.ParamOf); name == telling.AnswerMistyped && of != "" {
		var err error
		if page.Likely, err = h.likely(c, of); err != nil {
			return err
		}
	}
	return h.render(c, statusNothing, page)
}

// findMistyped names what a mistyped secret most likely belongs to. Only an id
// that there is stands in the address: other characters may be secret.
func (h *Investigate) findMistyped(c echo.Context, id string) error {
	likely, err := h.likely(c, id)
	if err != nil || likely == nil {
		id = ""
	}
	if err != nil {
		return err
	}
	return answer(c, telling.AnswerMistyped, id)
}

// likely is what has a public id; nil when nothing does.
func (h *Investigate) likely(c echo.Context, id string) (*views.Likely, error) {
	ctx, v := c.Request().Context(), web.Viewer(c)
	t, err := h.Read.RegistrationToken(ctx, v, id)
	if err == nil {
		return &views.Likely{RegistrationToken: t}, nil
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return nil, err
	}
	a, err := h.Read.AuthToken(ctx, v, id)
	if err == nil {
		return &views.Likely{AuthToken: a}, nil
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return nil, err
	}
	return nil, nil
}

// findRegistrationToken finds a registration token by its secret; audited, and
// limited for each actor.
func (h *Investigate) findRegistrationToken(c echo.Context, secret models.Secret) error {
	actor := web.Actor(c)
	if err := h.CountLookup(actor.ID); err != nil {
		return err
	}
	t, err := h.Tokens.LookupRegistrationToken(c.Request().Context(), actor, secret)
	if err != nil {
		return h.unknownSecret(c, err, telling.AnswerUnknownRegistrationToken)
	}
	remember(c, models.ObjectRegistrationToken, t.ID)
	return h.Frame.RedirectWithNotice(c, paths.RegistrationToken(t.ID), layout.NoticeInfo, "You pasted the secret of this registration token.")
}

// findAuthToken finds an auth token by one of its secrets; audited and limited
// in the same way.
func (h *Investigate) findAuthToken(c echo.Context, secret models.Secret, kind queryKind) error {
	actor := web.Actor(c)
	if err := h.CountLookup(actor.ID); err != nil {
		return err
	}
	t, standing, err := h.Tokens.LookupAuthToken(c.Request().Context(), actor, secret)
	if err == nil {
		remember(c, models.ObjectAuthToken, t.ID)
		return h.Frame.RedirectWithNotice(c, paths.AuthToken(t.ID), layout.NoticeInfo, telling.SecretStanding(string(standing)))
	}
	if kind == queryAccessToken {
		return h.unknownSecret(c, err, telling.AnswerUnknownAccessToken)
	}
	return h.unknownSecret(c, err, telling.AnswerUnknownRefreshToken)
}

// unknownSecret says that a secret matches nothing, and counts it if it was a
// guess.
func (h *Investigate) unknownSecret(c echo.Context, err error, name string) error {
	if models.ErrorKind(err) != models.KindNotFound {
		return err
	}
	if tokens.IsGuess(err) {
		if err := h.Guess(c.RealIP()); err != nil {
			return err
		}
	}
	return answer(c, name, "")
}
