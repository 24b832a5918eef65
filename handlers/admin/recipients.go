package admin

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/models/lists"
	"muster/seen"
	"muster/tokens"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
)

// Recipients serves the pages on which each person of a list gets a registration
// token.
type Recipients struct {
	Read   SelectionReader
	Tokens RecipientService
	Forms  *OneTimeForms
	Frame  *web.Frame
	Now    func(c echo.Context) time.Time
	// BaseURL is the public address, for the redeem links.
	BaseURL string
	// MaxTokenLifetime bounds the expiry.
	MaxTokenLifetime time.Duration
}

// RecipientService creates a registration token for each recipient.
type RecipientService interface {
	CreateRegistrationTokens(ctx context.Context, actor models.Actor, recipients []models.Recipient, settings models.RegistrationTokenSettings) ([]tokens.IssuedRegistrationToken, error)
	ReplaceRegistrationTokens(ctx context.Context, actor models.Actor, ids []string, expires *time.Time, expected int) ([]tokens.IssuedRegistrationToken, error)
}

// SelectionReader reads the registration tokens that were selected in the list.
type SelectionReader interface {
	RegistrationTokens(ctx context.Context, v seen.Viewer, f models.RegistrationTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.RegistrationToken], error)
}

// recipientsShown is how many lines of a long list the check shows.
const recipientsShown = 50

// New shows the form for a list.
func (h *Recipients) New(c echo.Context) error {
	form := views.RecipientsForm{TermsForm: views.TermsForm{Count: "1", ExpiryPreset: defaultExpiryPreset}}
	failed := web.Restore(c, &form)
	orUsualExpiry(&form.TermsForm)
	if web.Asked(c) {
		return h.check(c, form, "")
	}
	return h.render(c, form, nil, failed)
}

// Check shows what would be created, and creates nothing.
func (h *Recipients) Check(c echo.Context) error {
	form, written, err := bindRecipients(c)
	if err != nil {
		return h.render(c, form, nil, err)
	}
	return h.check(c, form, written)
}

func (h *Recipients) check(c echo.Context, form views.RecipientsForm, written lists.Encoding) error {
	batch, err := parseRecipients(form, h.Now(c))
	batch.written = written
	if err != nil {
		return h.render(c, form, nil, err)
	}
	if faults := tokens.CheckSettings(batch.settings, h.Now(c), h.MaxTokenLifetime); len(faults) > 0 {
		return h.render(c, form, nil, models.Invalid(faults...))
	}
	if web.ShownOnFormPage(c, web.ErrLookAgain) {
		return web.ErrLookAgain
	}
	return h.render(c, form, &batch, nil)
}

// Create answers with the secrets as a file: here and nowhere else.
func (h *Recipients) Create(c echo.Context) error {
	form, _, err := bindRecipients(c)
	if err != nil {
		return h.render(c, form, nil, err)
	}
	batch, invalid := parseRecipients(form, h.Now(c))
	if n := len(batch.list.People); invalid == nil && strconv.Itoa(n) != form.Expected {
		invalid = models.InvalidField("expected", "The list differs from the one that was checked; check it again.")
	}
	var issued []tokens.IssuedRegistrationToken
	earlier, err := h.Forms.create(c, form.Nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		issued, err = h.Tokens.CreateRegistrationTokens(ctx, web.Actor(c), batch.list.People, batch.settings)
		if err != nil {
			return "", err
		}
		return issued[0].RegistrationToken.ID, nil
	})
	if err != nil {
		return h.render(c, form, nil, err)
	}
	if earlier != "" {
		return web.Redirect(c, paths.CreateRecipients)
	}
	return h.sendSecrets(c, issued)
}

func (h *Recipients) sendSecrets(c echo.Context, issued []tokens.IssuedRegistrationToken) error {
	rows := [][]string{{"name", "email", "registration token", "redeem link", "count", "expires (UTC)"}}
	for _, i := range issued {
		token := web.Viewer(c).RegistrationToken(i.RegistrationToken)
		rows = append(rows, []string{
			i.Recipient.Name, i.Recipient.Email, i.Secret.Reveal(), redeemLink(h.BaseURL, i.Secret).Reveal(),
			strconv.Itoa(token.Count), listing.CSVTime(token.ExpiresAt),
		})
	}
	return listing.SendCSV(c, "registration-tokens", h.Now(c), rows)
}

// recipientBatch is what the form asks for. Its settings have a count and an
// expiry.
type recipientBatch struct {
	list     lists.Recipients
	written  lists.Encoding
	settings models.RegistrationTokenSettings
}

// bindRecipients reads the form; people in a file are added to the list. An
// expiry that is left out becomes the default one, and is shown as such.
func bindRecipients(c echo.Context) (views.RecipientsForm, lists.Encoding, error) {
	var form views.RecipientsForm
	written, err := web.BindListForm(c, &form, &form.Recipients)
	orUsualExpiry(&form.TermsForm)
	return form, written, err
}

func orUsualExpiry(form *views.TermsForm) {
	if strings.TrimSpace(form.ExpiryPreset+form.ExpirationDate) == "" {
		form.ExpiryPreset = defaultExpiryPreset
	}
}

// parseRecipients checks the list and the settings.
func parseRecipients(form views.RecipientsForm, now time.Time) (recipientBatch, error) {
	var p formParser
	batch := recipientBatch{list: lists.ReadRecipients(form.Recipients, form.Choices()), settings: p.terms(form.TermsForm, now)}
	if strings.TrimSpace(form.Count) == "" {
		p.Fail("count", "Say how many times each registration token may be used.")
	}
	switch n := len(batch.list.People); {
	case strings.TrimSpace(form.Recipients) == "":
		p.Fail("recipients", "Give at least one recipient: a name or an e-mail address on each line.")
	case n > models.MaxRecipients:
		p.Fail("recipients", "The list has "+strconv.Itoa(n)+" recipients; at most 5,000 are allowed at once.")
	}
	return batch, p.Err()
}

func (h *Recipients) render(c echo.Context, form views.RecipientsForm, batch *recipientBatch, failed error) error {
	frame, failure, err := formFrame(c, h.Frame, registrationTokensLink, layout.NavRegistrationTokens,
		"New registration tokens", failed, expiryField(form.ExpiryPreset),
		layout.Link{Label: "New", URL: paths.NewRegistrationToken}, layout.Link{Label: "One per recipient"})
	if err != nil {
		return err
	}
	p := views.RecipientsPage{Page: frame, Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(c), h.MaxTokenLifetime)}
	if batch != nil {
		if p.Form.Nonce, err = h.Forms.nonce(c); err != nil {
			return err
		}
		p.Check = batch.check(h.Now(c))
	}
	return web.RenderQuietly(c, failure.Status, views.Recipients(p))
}

// check shows what would be created.
func (b *recipientBatch) check(now time.Time) *views.RecipientsCheck {
	number := len(b.list.People)
	leftOut := append(b.list.Bad, b.list.Duplicates...)
	reading := views.RecipientsReading(&b.list)
	reading.WrittenAs(b.written)
	return &views.RecipientsCheck{
		Reading: reading,
		Number:  number, Counts: number * *b.settings.Count, ExpiresAt: *b.settings.ExpiresAt, Now: now,
		Shown:   b.list.People[:min(number, recipientsShown)],
		LeftOut: leftOut[:min(len(leftOut), recipientsShown)], LeftOutNumber: len(leftOut),
	}
}

// Created is where a form leads that was sent again.
func (h *Recipients) Created(c echo.Context) error {
	frame, err := h.Frame.Below(c, registrationTokensLink, "Registration tokens created", layout.NavRegistrationTokens, layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.RecipientsCreated(frame))
}
