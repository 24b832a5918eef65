package admin

import (
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// renderStale shows the form beside the rules that somebody else saved, unless they are
// the same.
func (h *Admission) renderStale(c echo.Context, form views.AdmissionForm, reading *views.ListReading, stale error) error {
	token, err := h.Read.RegistrationToken(c.Request().Context(), web.Viewer(c), c.Param("id"))
	if err != nil {
		return err
	}
	differing, err := h.differing(c, token, form)
	if err != nil {
		return err
	}
	if len(differing) == 0 {
		return h.Frame.RedirectWithNotice(c, paths.RegistrationTokenSection(token.ID, "expected", nil), layout.NoticeInfo, "There was nothing to save: the form held what is saved.")
	}
	return h.render(c, token, form, reading, stale)
}

// differing are the rules of the form, and the entries of its list, that are others than
// those saved.
func (h *Admission) differing(c echo.Context, t *seen.RegistrationToken, form views.AdmissionForm) ([]ui.Difference, error) {
	list, err := h.Read.ExpectedList(c.Request().Context(), web.Viewer(c), t.ID)
	if err != nil {
		return nil, err
	}
	rules := models.Admission{EmailDomains: splitValues(form.EmailDomains), Networks: splitValues(form.Networks)}
	if checked, bad := models.CheckAdmission(rules); len(bad) == 0 {
		rules = checked
	}
	patterns := make([]string, len(list))
	for i := range list {
		patterns[i] = list[i].Pattern
	}
	yours, saved := form.ListDifference(&readExpected(form, "").Expected, patterns)
	return differences(
		ui.Difference{Field: "List", From: saved, To: yours},
		ui.Difference{Field: "Only the expected", From: onOff(t.OnlyExpected), To: onOff(form.OnlyExpected == "true")},
		ui.Difference{Field: "Sign-in required", From: onOff(t.SignInRequired), To: onOff(form.SignInRequired == "true")},
		ui.Difference{Field: "E-mail domains", From: strings.Join(t.EmailDomains, ", "), To: strings.Join(rules.EmailDomains, ", ")},
		ui.Difference{Field: "Networks", From: strings.Join(t.Networks, ", "), To: strings.Join(rules.Networks, ", ")},
	), nil
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
