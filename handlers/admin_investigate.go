package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
	"muster/views"
	"muster/views/layout"
)

const investigateURL = "/admin/investigate"

// supportCode is one as people type it: any case, with or without the dash.
var supportCode = regexp.MustCompile(`^([0-9A-Za-z]{4})[- ]?([0-9A-Za-z]{4})$`)

// showInvestigate opens the attempt of a support code; a code is no secret
// and of no use to anybody else, so it may stand in the address.
func (h *adminHandler) showInvestigate(c echo.Context) error {
	code := c.QueryParam("code")
	if code == "" {
		return h.renderInvestigate(c, http.StatusOK, views.InvestigatePage{})
	}
	attempt, err := h.store.RefusedAttemptByCode(c.Request().Context(), code)
	if models.ErrorKind(err) == models.KindNotFound && err != nil {
		return h.notFoundHere(c, "There is no attempt with this support code. Ask for it again; it has eight letters and digits.")
	}
	if err != nil {
		return err
	}
	detail, err := h.attemptDetail(c, attempt)
	if err != nil {
		return err
	}
	return h.renderInvestigate(c, http.StatusOK, views.InvestigatePage{Attempt: detail})
}

// investigate finds out what was pasted and leads to where it is. Secrets
// come in the body only, and go nowhere from here.
func (h *adminHandler) investigate(c echo.Context) error {
	var form views.InvestigateForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	query := strings.TrimSpace(form.Query)
	code := supportCode.FindStringSubmatch(query)
	switch {
	case query == "":
		return h.notFoundHere(c, "Paste something first.")
	case strings.HasPrefix(strings.ToLower(query), "mrt_"):
		return h.investigateSecret(c, models.Secret(query))
	case tokens.LooksLikeSecret(query):
		return h.notFoundHere(c, "This is a secret, but no registration token. Search for the person or the computer instead, and tell the user to keep it to themselves.")
	case code != nil:
		return h.investigateCode(c, strings.ToUpper(code[1]+"-"+code[2]), query)
	default:
		return redirect(c, authTokensURL+"?q="+url.QueryEscape(query))
	}
}

// investigateCode opens the attempt of a support code. A word of eight letters
// may be a code or a name; what is no code is searched for.
func (h *adminHandler) investigateCode(c echo.Context, code, query string) error {
	_, err := h.store.RefusedAttemptByCode(c.Request().Context(), code)
	if models.ErrorKind(err) == models.KindNotFound && !strings.ContainsAny(query, "0123456789-") {
		return redirect(c, authTokensURL+"?q="+url.QueryEscape(query))
	}
	if err != nil && models.ErrorKind(err) != models.KindNotFound {
		return err
	}
	return redirect(c, investigateURL+"?code="+code)
}

// investigateSecret finds the registration token of a secret; audited, and
// limited for each actor.
func (h *adminHandler) investigateSecret(c echo.Context, secret models.Secret) error {
	if err := h.lookups.lookup(actorOf(c).ID); err != nil {
		return err
	}
	t, err := h.tokens.LookupRegistrationToken(c.Request().Context(), actorOf(c), secret)
	if err == nil {
		return redirect(c, registrationTokenURL(t.ID))
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return err
	}
	if limited := h.judgeGuess(c, err); models.ErrorKind(limited) == models.KindRateLimited {
		return limited
	}
	if _, bad := tokens.ParseSecret(tokens.SecretRegistrationToken, secret.Reveal()); bad != nil {
		return h.notFoundHere(c, "This registration token is mistyped or incomplete. Let the user copy it again, whole.")
	}
	return h.notFoundHere(c, "No registration token has this secret. It may come from another installation.")
}

func (h *adminHandler) notFoundHere(c echo.Context, why string) error {
	return h.renderInvestigate(c, http.StatusNotFound, views.InvestigatePage{Error: why})
}

func (h *adminHandler) renderInvestigate(c echo.Context, status int, p views.InvestigatePage) error {
	frame, err := h.page(c, "Investigate", layout.NavInvestigate)
	if err != nil {
		return err
	}
	p.Page, p.Action = frame, investigateURL
	return render(c, status, views.Investigate(p))
}

// attemptDetail is the whole attempt, and how its registration token stands.
func (h *adminHandler) attemptDetail(c echo.Context, attempt *models.RefusedAttempt) (*views.AttemptDetail, error) {
	ctx, actor, now := c.Request().Context(), actorOf(c), h.now().UTC()
	a := maskedAttempt(actor, attempt)
	d := &views.AttemptDetail{
		SupportCode: a.SupportCode, When: momentOf(a.AttemptedAt, now),
		Reason: refusalReason(a.Reason), Advice: refusalAdvice(a.Reason),
		Person: personOf(a.VerifiedIdentity, a.ClaimedIdentity), Host: a.FQDN, MAC: a.MACAddress, IP: a.IP, Agent: a.UserAgent,
		Label: a.Identifier, RefID1: a.RefID1, RefID2: a.RefID2, RequestID: a.RequestID,
	}
	if a.RegistrationTokenID == nil {
		return d, nil
	}
	t, err := h.store.RegistrationToken(ctx, *a.RegistrationTokenID)
	if err != nil {
		return nil, err
	}
	t = maskedRegistrationToken(actor, t)
	d.RegistrationToken = &layout.Link{Label: t.Identifier, URL: registrationTokenURL(t.ID)}
	d.Usage = usageOf(t, now)
	for _, reason := range statusReasons(t, now) {
		d.Now = append(d.Now, reason.Text)
	}
	if len(d.Now) == 0 {
		d.Now = []string{"It can be redeemed again: let the user try once more."}
	}
	return d, nil
}

// refusalAdvice is what to do about a refusal.
func refusalAdvice(code models.Code) string {
	switch code {
	case models.CodeRegistrationTokenExhausted:
		return "All counts were taken. See who used it; then raise the count, or give counts back from auth tokens nobody uses."
	case models.CodeRegistrationTokenExpired:
		return "It had run out by then. It is not revived: an administrator replaces it, and the successor takes over what is left."
	case models.CodeRegistrationTokenDisabled:
		return "Somebody had switched it off. Its changes say who and when."
	case models.CodeRegistrationTokenReplaced:
		return "There is a successor. Give the user the new one."
	case models.CodeRegistrationTokenDeleted:
		return "It was deleted. The user needs another one."
	case models.CodeRegistrationTokenInvalid:
		return "What was sent is no registration token of this installation. Let the user copy it again, whole."
	case models.CodeInvalidRequest:
		return "The details could not be accepted; the user saw which. Nothing was used up."
	default:
		return "The user saw the same reason with the next step."
	}
}
