package handlers

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
	"muster/views"
	"muster/views/layout"
)

const investigateURL = "/admin/investigate"

// attemptURL is the page of a refused attempt.
func attemptURL(code string) string { return investigateURL + "?code=" + code }

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
	if err := h.look(c, objectRefusedAttempt, attempt.SupportCode); err != nil {
		return err
	}
	detail, err := h.attemptDetail(c, attempt)
	if err != nil {
		return err
	}
	return h.renderInvestigate(c, http.StatusOK, views.InvestigatePage{Attempt: detail})
}

// investigate finds out what was pasted and leads to where it is. It comes in
// the body only: a secret, and a person's name, have no place in an address.
// Secrets go nowhere from here.
func (h *adminHandler) investigate(c echo.Context) error {
	var form views.InvestigateForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	a := recognise(form.Query)
	switch a.kind {
	case askedNothing:
		return h.notFoundHere(c, "Paste something first.")
	case askedMistyped:
		return h.notFoundHere(c, "This secret is mistyped or incomplete. Let the user copy it again, whole.")
	case askedRegistrationToken:
		return h.investigateRegistrationToken(c, models.Secret(a.text))
	case askedRefreshToken, askedAccessToken:
		return h.investigateAuthToken(c, models.Secret(a.text), a.kind)
	case askedAPIKey:
		return h.notFoundHere(c, "This is an API key of a program, nothing a user should have. Ask an administrator to revoke it under API keys.")
	case askedSupportCode:
		return h.investigateCode(c, a.text, strings.TrimSpace(form.Query))
	case askedID:
		return h.investigateID(c, a.text)
	default:
		return h.investigateText(c, a)
	}
}

// investigateCode opens the attempt of a support code. A word of eight letters
// may be a code or a name; what is no code is searched for.
func (h *adminHandler) investigateCode(c echo.Context, code, query string) error {
	_, err := h.store.RefusedAttemptByCode(c.Request().Context(), code)
	if err == nil {
		return redirect(c, attemptURL(code))
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return err
	}
	return h.investigateText(c, asked{askedText, query})
}

func (h *adminHandler) investigateID(c echo.Context, id string) error {
	address, err := h.findByID(c.Request().Context(), id)
	if err != nil {
		return err
	}
	if address == "" {
		return h.notFoundHere(c, "Nothing has this id: no registration token, no auth token, no redemption.")
	}
	return redirect(c, address)
}

// investigateText searches. A single hit is opened; several are shown.
func (h *adminHandler) investigateText(c echo.Context, a asked) error {
	if bad := models.CheckText("query", a.text, models.MaxNameLength, false); bad != nil {
		return h.notFoundHere(c, "This text is too long, or holds characters that no name has.")
	}
	ctx, actor := c.Request().Context(), actorOf(c)
	if err := h.lookUpPersonal(c, map[string]string{"search": a.text}); err != nil {
		return err
	}
	f, err := h.find(ctx, actor, a)
	if err != nil {
		return err
	}
	switch {
	case f.number() == 0:
		return h.renderInvestigate(c, http.StatusNotFound, views.InvestigatePage{
			Query: a.text, Error: "Nothing is called so, nor begins with it. It was taken for " + a.kind.words() + "; try another detail, or the support code.",
		})
	case f.number() > 1:
		results, err := h.investigateResults(ctx, actor, a, f)
		if err != nil {
			return err
		}
		return h.renderInvestigate(c, http.StatusOK, views.InvestigatePage{Query: a.text, Results: results})
	case len(f.registrationTokens) == 1:
		return redirect(c, registrationTokenURL(f.registrationTokens[0].ID))
	case len(f.authTokens) == 1:
		return redirect(c, authTokenURL(f.authTokens[0].ID))
	default:
		return redirect(c, attemptURL(f.refused[0].SupportCode))
	}
}

// investigateResults are the rows as the actor may see them.
func (h *adminHandler) investigateResults(ctx context.Context, actor models.Actor, a asked, f *found) (*views.InvestigateResults, error) {
	now := h.now().UTC()
	names, err := h.registrationTokenNames(ctx, f.authTokens, masker(actor))
	if err != nil {
		return nil, err
	}
	r := &views.InvestigateResults{Kind: a.kind.words(), Most: searchShown}
	for i := range f.registrationTokens {
		t := maskedRegistrationToken(actor, &f.registrationTokens[i])
		r.RegistrationTokens = append(r.RegistrationTokens, views.FoundRegistrationToken{
			Link: layout.Link{Label: t.Identifier, URL: registrationTokenURL(t.ID)}, Hint: t.Hint,
			Status: t.Status(now), Usage: usageOf(t, now), Expiry: momentOf(t.ExpiresAt, now),
		})
	}
	for i := range f.authTokens {
		r.AuthTokens = append(r.AuthTokens, authTokenRow(masked(actor, &f.authTokens[i]), names, now))
	}
	for i := range f.refused {
		row := refusedRow(maskedAttempt(actor, &f.refused[i]), now)
		row.URL = attemptURL(row.SupportCode)
		r.Refused = append(r.Refused, row)
	}
	return r, nil
}

// investigateRegistrationToken finds the registration token of a secret;
// audited, and limited for each actor.
func (h *adminHandler) investigateRegistrationToken(c echo.Context, secret models.Secret) error {
	if err := h.lookups.lookup(actorOf(c).ID); err != nil {
		return err
	}
	t, err := h.tokens.LookupRegistrationToken(c.Request().Context(), actorOf(c), secret)
	if err == nil {
		return h.leadOn(c, registrationTokenURL(t.ID), layout.NoticeInfo, "This is the registration token that was pasted.")
	}
	return h.notFoundSecret(c, err, "No registration token has this secret. It may come from another installation.")
}

// investigateAuthToken finds the auth token of one of its secrets; audited,
// and limited in the same way.
func (h *adminHandler) investigateAuthToken(c echo.Context, secret models.Secret, kind askedKind) error {
	if err := h.lookups.lookup(actorOf(c).ID); err != nil {
		return err
	}
	t, standing, err := h.tokens.LookupAuthToken(c.Request().Context(), actorOf(c), secret)
	if err == nil {
		return h.leadOn(c, authTokenURL(t.ID), layout.NoticeInfo, standingText(standing))
	}
	if kind == askedAccessToken {
		return h.notFoundSecret(c, err, "This is an access token, but none that this installation signed.")
	}
	return h.notFoundSecret(c, err, "No auth token has this refresh token. It may come from another installation.")
}

// notFoundSecret says that a secret matches nothing, and counts it where it
// was a guess.
func (h *adminHandler) notFoundSecret(c echo.Context, err error, text string) error {
	if models.ErrorKind(err) != models.KindNotFound {
		return err
	}
	if limited := h.judgeGuess(c, err); models.ErrorKind(limited) == models.KindRateLimited {
		return limited
	}
	return h.notFoundHere(c, text)
}

// standingText says what was pasted. Whoever has read it out has given it
// away.
func standingText(standing tokens.SecretStanding) string {
	const given = " The user should keep it to themselves: whoever has it can act as this device."
	switch standing {
	case tokens.SecretCurrentRefreshToken:
		return "This is the auth token whose current refresh token was pasted." + given
	case tokens.SecretOldRefreshToken:
		return "This is the auth token that an old refresh token was pasted of. Using that once more would end the auth token."
	case tokens.SecretAccessToken:
		return "This is the auth token whose access token was pasted." + given
	case tokens.SecretExpiredAccessToken:
		return "This is the auth token whose access token was pasted; that access token has expired."
	}
	return ""
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
	a := maskedAttempt(viewerOf(c), attempt)
	d := &views.AttemptDetail{
		SupportCode: a.SupportCode, When: momentOf(a.AttemptedAt, now),
		Reason: refusalReason(a), Advice: refusalAdvice(a),
		Person: personOf(a.VerifiedIdentity, a.ClaimedIdentity), Host: a.FQDN, MAC: a.MACAddress, IP: a.IP, Agent: a.UserAgent,
		Label: a.Identifier, RefID1: a.RefID1, RefID2: a.RefID2, RequestID: a.RequestID,
	}
	if a.RegistrationTokenID == nil {
		d.Answer = answerToUser(a, nil, "", "")
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
	var rule models.AdmissionRule
	if len(d.Now) == 0 {
		if rule, err = h.wouldRefuse(ctx, actor, attempt.SupportCode); err != nil {
			return nil, err
		}
		d.Now = []string{"It can be redeemed again: let the user try once more."}
		if rule != "" {
			d.Now = []string{"Tried in the same way it would be turned away: " + lowerFirst(admissionReasons[rule]) + "."}
		}
	}
	d.Answer = answerToUser(a, t, t.Status(now), rule)
	return d, nil
}

// wouldRefuse is the rule that would turn the same attempt away now; empty
// when it would be let in, or cannot be tried again as it was.
func (h *adminHandler) wouldRefuse(ctx context.Context, actor models.Actor, supportCode string) (models.AdmissionRule, error) {
	answer, err := h.tokens.WouldAdmitAgain(ctx, actor, supportCode)
	if err != nil && models.ErrorKind(err) != models.KindInvalid {
		return "", err
	}
	return answer.Refused, nil
}

func lowerFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// refusalAdvice is what to do about a refusal.
func refusalAdvice(a *models.RefusedAttempt) string {
	switch a.Reason {
	case models.CodeIdentityNotAllowed:
		return cmp.Or(admissionAdvice[a.AdmissionRule], "Its rules on who may redeem it turned the user away.")
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
