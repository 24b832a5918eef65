package admin

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
)

// ConfirmReplace asks before the selected registration tokens are replaced, each for
// the recipient that it has.
func (h *Recipients) ConfirmReplace(c echo.Context) error {
	ids := strings.Join(c.QueryParams()["id"], " ")
	form := views.RecipientsReplaceForm{IDs: ids, TermsForm: views.TermsForm{ExpiryPreset: defaultExpiryPreset}}
	failed := web.Restore(c, &form)
	return h.renderReplace(c, form, failed)
}

// ReplacePage is the page of the form that replaces several.
func ReplacePage(_ string, sent url.Values) string {
	ids := url.Values{"id": strings.Fields(sent.Get("ids"))}
	return strings.TrimSuffix(paths.ReplaceRecipients+"?"+ids.Encode(), "?")
}

// Replace replaces them and answers with the secrets as a file: here and nowhere
// else.
func (h *Recipients) Replace(c echo.Context) error {
	var form views.RecipientsReplaceForm
	if _, err := web.BindListForm(c, &form, &form.IDs); err != nil {
		return err
	}
	var p formParser
	expires := p.expiry(form.TermsForm, h.Now(c))
	expected, err := strconv.Atoi(form.Expected)
	if err != nil || expected < 1 {
		p.Fail("expected", "The number of registration tokens is missing; open the confirmation again.")
	}
	var issued []tokens.IssuedRegistrationToken
	earlier, err := h.Forms.create(c, form.Nonce, p.Err(), func(ctx context.Context) (string, error) {
		var err error
		issued, err = h.Tokens.ReplaceRegistrationTokens(ctx, web.Actor(c), selection(strings.Fields(form.IDs)), expires, expected)
		if err != nil {
			return "", err
		}
		return issued[0].RegistrationToken.ID, nil
	})
	if err != nil {
		return h.renderReplace(c, form, err)
	}
	if earlier != "" {
		return web.Redirect(c, paths.CreateRecipients)
	}
	return h.sendSecrets(c, issued)
}

// renderReplace asks, with the present numbers and a new nonce.
func (h *Recipients) renderReplace(c echo.Context, form views.RecipientsReplaceForm, failed error) error {
	ids := selection(strings.Fields(form.IDs))
	if len(ids) > models.MaxPageSize {
		return models.InvalidField("id", "At most 500 registration tokens can be changed at once.")
	}
	frame, failure, err := formFrame(c, h.Frame, registrationTokensLink, layout.NavRegistrationTokens,
		"Replace registration tokens", failed, expiryField(form.ExpiryPreset), layout.Link{Label: "Replace"})
	if err != nil {
		return err
	}
	form.IDs = strings.Join(ids, " ")
	p := views.RecipientsReplacePage{
		Page: frame, Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(c), h.MaxTokenLifetime),
	}
	if len(ids) > 0 {
		if err := h.countReplacement(c, &p, ids); err != nil {
			return err
		}
	}
	if p.Number > 0 {
		if p.Form.Nonce, err = h.Forms.nonce(c); err != nil {
			return err
		}
	}
	return web.RenderQuietly(c, failure.Status, views.RecipientsReplace(p))
}

// countReplacement counts what would be replaced, and names the first.
func (h *Recipients) countReplacement(c echo.Context, p *views.RecipientsReplacePage, ids []string) error {
	found, err := h.Read.RegistrationTokens(c.Request().Context(), web.Viewer(c),
		models.RegistrationTokenFilter{IDs: ids}, models.PageRequest{Size: models.MaxPageSize}, h.Now(c))
	if err != nil {
		return err
	}
	for i := range found.Items {
		t := &found.Items[i]
		if !t.Replaceable() {
			p.Left++
			continue
		}
		p.Number++
		p.Counts += t.RemainingCount()
		if len(p.Shown) < recipientsShown {
			p.Shown = append(p.Shown, *t)
		}
	}
	return nil
}
