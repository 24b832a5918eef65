package handlers

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
	"muster/views"
	"muster/views/layout"
	"muster/views/paths"
)

// tryAdmission says whether somebody would be let in; it takes no count.
func (h *adminHandler) tryAdmission(c echo.Context) error {
	ctx, actor := c.Request().Context(), actorOf(c)
	token, err := h.store.RegistrationToken(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	var form views.AdmissionTryForm
	if err := bindForm(c, &form); err != nil {
		return err
	}
	try := views.AdmissionTry{Form: form, Action: paths.AdmissionTry(token.ID)}
	answer, err := h.askAdmission(c, token, form)
	if err == nil {
		try.Answer = admissionAnswer(answer, masker(actor))
		return h.renderAdmissionTry(c, token, try, formFailure{status: http.StatusOK})
	}
	failure, ok := asFormFailure(c, err, nil)
	if !ok {
		return err
	}
	try.Errors = failure.errors
	return h.renderAdmissionTry(c, token, try, failure)
}

// askAdmission asks in the name of the form. Whoever sees addresses masked
// could try them out here, so that is counted and written down.
func (h *adminHandler) askAdmission(c echo.Context, token *models.RegistrationToken, form views.AdmissionTryForm) (tokens.AdmissionAnswer, error) {
	p, err := parseAdmissionTry(form, len(token.Networks) > 0)
	if err != nil {
		return tokens.AdmissionAnswer{}, err
	}
	asked := map[string]string{"systemUserName": p.Claimed.SystemUserName, "fqdn": p.Claimed.FQDN, "email": p.Verified.Email, "ip": p.IP}
	if err := h.lookUpPersonal(c, asked); err != nil {
		return tokens.AdmissionAnswer{}, err
	}
	return h.tokens.WouldAdmit(c.Request().Context(), actorOf(c), token.ID, p)
}

// parseAdmissionTry reads the form of the tester.
func parseAdmissionTry(form views.AdmissionTryForm, needsIP bool) (models.Presented, error) {
	var p formParser
	presented := models.Presented{
		Claimed: models.ClaimedIdentity{SystemUserName: strings.TrimSpace(form.SystemUserName), FQDN: strings.TrimSpace(form.FQDN)},
		IP:      strings.TrimSpace(form.IP),
	}
	if _, err := netip.ParseAddr(presented.IP); err != nil && (presented.IP != "" || needsIP) {
		p.fail("ip", "Give the address they come from, like 192.0.2.7: this registration token looks at it.")
	}
	if email := strings.TrimSpace(form.Email); email != "" {
		if models.CheckText("email", email, models.MaxNameLength, false) != nil || !strings.Contains(email, "@") {
			p.fail("email", "This is no e-mail address.")
		}
		presented.Verified = models.VerifiedIdentity{Issuer: "asked", Subject: email, Email: email}
	}
	p.fields = append(p.fields, presented.Claimed.Check()...)
	return presented, p.err()
}

// admissionAnswer puts the answer into words.
func admissionAnswer(a tokens.AdmissionAnswer, mask func(string) string) *views.AdmissionAnswer {
	answer := &views.AdmissionAnswer{Admitted: a.Admitted(), Heading: "Yes, they would be let in", Text: "There is no list of the expected, and no rule is against it."}
	switch {
	case a.Expected != nil:
		answer.Text = "They are expected: “" + mask(a.Expected.Pattern) + "” is on the list."
	case a.Unexpected:
		answer.Text = "Nobody on the list matches, so their auth token would be marked as unexpected."
	}
	switch {
	case a.Status != models.StatusActive:
		answer.Heading, answer.Text = "No, nobody is let in now", "The registration token is "+string(a.Status)+". "+answer.Text
		if a.Refused != "" {
			answer.Text = "The registration token is " + string(a.Status) + ", and its rules are against it too: " + lowerFirst(admissionReasons[a.Refused]) + "."
		}
	case a.Refused != "":
		answer.Heading = "No, they would be turned away"
		switch text := admissionReasons[a.Refused] + "."; {
		case a.Expected != nil:
			answer.Text = text + " " + answer.Text
		default:
			answer.Text = text
		}
	}
	return answer
}

func (h *adminHandler) renderAdmissionTry(c echo.Context, t *models.RegistrationToken, try views.AdmissionTry, failure formFailure) error {
	t = maskedRegistrationToken(actorOf(c), t)
	frame, err := h.registrationTokenPage(c, "Would they be let in?", layout.Link{Label: t.Identifier, URL: expectedURL(t.ID)}, layout.Link{Label: "Try"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	page := views.AdmissionTryPage{Page: frame, Try: try, BackURL: expectedURL(t.ID)}
	return renderPart(c, failure.status, views.AdmissionTryView(page), views.AdmissionTryCard(try))
}
