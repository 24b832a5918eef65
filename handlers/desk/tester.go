package desk

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	"muster/tokens"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
)

// Tester says whether somebody would be let in; it takes no count.
type Tester struct {
	Read interface {
		grantReader
		registrationTokenReader
		Guess(ctx context.Context, v seen.Viewer, asked map[string]string) error
	}
	Tokens interface {
		WouldAdmit(ctx context.Context, actor models.Actor, registrationTokenID string, p models.Presented) (tokens.AdmissionAnswer, error)
	}
	Frame *web.Frame
	Now   func(c echo.Context) time.Time
}

// Show shows the form on a page of its own, with the answer to what was asked.
func (h *Tester) Show(c echo.Context) error {
	v, t, err := h.about(c)
	if err != nil {
		return err
	}
	tester := views.Tester{RegistrationTokenID: t.ID}
	failed := web.Restore(c, &tester.Form)
	if web.Asked(c) {
		return h.answer(c, v, t, tester)
	}
	return h.render(c, t, tester, failed)
}

// restoreTester fills the form where it stands beside others; what is wrong with it is
// said where it is alone.
func restoreTester(c echo.Context, form *views.TesterForm) {
	_ = web.RestoreTexts(c, map[string]*string{
		"systemUserName": &form.SystemUserName, "fqdn": &form.FQDN, "email": &form.Email, "ip": &form.IP,
	})
}

// Try answers the form and shows it again.
func (h *Tester) Try(c echo.Context) error {
	v, t, err := h.about(c)
	if err != nil {
		return err
	}
	tester := views.Tester{RegistrationTokenID: t.ID}
	if err := web.BindForm(c, &tester.Form); err != nil {
		return err
	}
	if _, err := presentedBy(tester.Form, len(t.Networks) > 0); err != nil {
		return h.render(c, t, tester, err)
	}
	if web.ShownOnFormPage(c, web.ErrLookAgain) {
		return web.ErrLookAgain
	}
	return h.answer(c, v, t, tester)
}

// about reads the registration token, and as whom the caller sees it.
func (h *Tester) about(c echo.Context) (seen.Viewer, *seen.RegistrationToken, error) {
	v, err := viewerOf(c, h.Read, models.ObjectRegistrationToken, c.Param("id"), h.Now(c))
	if err != nil {
		return v, nil, err
	}
	t, err := h.Read.RegistrationToken(c.Request().Context(), v, c.Param("id"))
	return v, t, err
}

func (h *Tester) answer(c echo.Context, v seen.Viewer, t *seen.RegistrationToken, tester views.Tester) (err error) {
	tester.Answer, err = h.ask(c, v, t, tester.Form)
	return h.render(c, t, tester, err)
}

// ask judges whoever the form describes. Somebody who sees addresses masked
// could guess them here, so each try is counted and audited.
func (h *Tester) ask(c echo.Context, v seen.Viewer, t *seen.RegistrationToken, form views.TesterForm) (*telling.Admission, error) {
	p, err := presentedBy(form, len(t.Networks) > 0)
	if err != nil {
		return nil, err
	}
	asked := map[string]string{"systemUserName": p.Claimed.SystemUserName, "fqdn": p.Claimed.FQDN, "email": p.Verified.Email, "ip": p.IP}
	if err := h.Read.Guess(c.Request().Context(), v, asked); err != nil {
		return nil, err
	}
	judged, err := h.Tokens.WouldAdmit(c.Request().Context(), v.Actor, t.ID, p)
	if err != nil {
		return nil, err
	}
	var expected *seen.Expectation
	if judged.Expected != nil {
		shown := v.Expectation(judged.Expected)
		expected = &shown
	}
	answer := telling.AdmissionAnswer(judged.Status, judged.Refused, expected, judged.Unexpected)
	return &answer, nil
}

// presentedBy reads the form. KindInvalid with the fields that are wrong.
func presentedBy(form views.TesterForm, needsIP bool) (models.Presented, error) {
	var p web.FormParser
	presented := models.Presented{
		Claimed: models.ClaimedIdentity{SystemUserName: strings.TrimSpace(form.SystemUserName), FQDN: strings.TrimSpace(form.FQDN)},
		IP:      strings.TrimSpace(form.IP),
	}
	if _, err := netip.ParseAddr(presented.IP); err != nil && needsIP {
		p.Fail("ip", "Give the IP address they come from, such as 192.0.2.7.")
	} else if err != nil && presented.IP != "" {
		p.Fail("ip", "This is not an IP address; give one such as 192.0.2.7, or leave it empty.")
	}
	if email := strings.TrimSpace(form.Email); email != "" {
		if models.CheckText("email", email, models.MaxNameLength, false) != nil || !strings.Contains(email, "@") {
			p.Fail("email", "This is not an e-mail address.")
		}
		presented.Verified = models.VerifiedIdentity{Issuer: "asked", Subject: email, Email: email}
	}
	for _, f := range presented.Claimed.Check() {
		p.Fail(f.Field, f.Message)
	}
	return presented, p.Err()
}

// render shows the form; failed is why it has no answer.
func (h *Tester) render(c echo.Context, t *seen.RegistrationToken, tester views.Tester, failed error) error {
	failure := web.FormFailure{Status: http.StatusOK}
	if failed != nil {
		var ok bool
		if failure, ok = web.AsFormFailure(c, failed, nil); !ok {
			return failed
		}
		tester.Errors = failure.Errors
	}
	list := layout.Link{Label: t.Identifier, URL: paths.RegistrationTokenSection(t.ID, views.SectionExpected, nil)}
	frame, err := below(c, h.Frame, "Would they be let in?", list, layout.Link{Label: "Try"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.Notices...)
	return web.RenderPart(c, failure.Status, views.TesterView(views.TesterPage{Page: frame, Tester: tester}), views.TesterCard(tester))
}
