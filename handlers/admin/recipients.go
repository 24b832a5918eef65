package admin

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/tokens"
	views "muster/views/admin"
	"muster/views/layout"
	"muster/views/paths"
)

// Recipients are the pages of a list of people who get a registration token
// each.
type Recipients struct {
	Tokens RecipientService
	Forms  *OneTimeForms
	Frame  *web.Frame
	Now    func() time.Time
	// BaseURL is the public address, for the redeem links.
	BaseURL string
	// MaxTokenLifetime bounds the expiry.
	MaxTokenLifetime time.Duration
}

// RecipientService makes a registration token for each recipient.
type RecipientService interface {
	CreateRegistrationTokens(ctx context.Context, actor models.Actor, recipients []models.Recipient, settings models.RegistrationTokenSettings) ([]tokens.IssuedRegistrationToken, error)
}

// recipientsShown is how much of a long list the check repeats.
const recipientsShown = 50

// New shows the form for a list.
func (h *Recipients) New(c echo.Context) error {
	return h.render(c, views.RecipientsForm{Count: "1", ExpiryPreset: defaultExpiryPreset}, nil, noFailure)
}

// Check says what would be made of a list, and makes nothing.
func (h *Recipients) Check(c echo.Context) error {
	form, err := bindRecipients(c)
	if err != nil {
		return h.failed(c, form, err)
	}
	batch, err := parseRecipients(form, h.Now())
	if err != nil {
		return h.failed(c, form, err)
	}
	if faults := tokens.CheckSettings(batch.settings(), h.Now(), h.MaxTokenLifetime); len(faults) > 0 {
		return h.failed(c, form, models.Invalid(faults...))
	}
	return h.render(c, form, &batch, noFailure)
}

// Create answers with the secrets as a file: here and nowhere else.
func (h *Recipients) Create(c echo.Context) error {
	form, err := bindRecipients(c)
	if err != nil {
		return h.failed(c, form, err)
	}
	batch, invalid := parseRecipients(form, h.Now())
	if n := len(batch.list.Recipients); invalid == nil && strconv.Itoa(n) != form.Expected {
		invalid = models.InvalidField("expected", "The list differs from the one that was checked; check it again.")
	}
	var issued []tokens.IssuedRegistrationToken
	err = h.Forms.once(c, form.Nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		issued, err = h.Tokens.CreateRegistrationTokens(ctx, web.Actor(c), batch.list.Recipients, batch.settings())
		if err != nil {
			return "", err
		}
		return issued[0].RegistrationToken.ID, nil
	})
	if _, ok := errors.AsType[*madeBefore](err); ok {
		return h.renderMade(c)
	}
	if err != nil {
		return h.failed(c, form, err)
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
	return listing.SendCSV(c, "registration-tokens", h.Now(), rows)
}

// recipientBatch is a form that was read. Its values are plain: nothing in it
// can be missing.
type recipientBatch struct {
	list                 models.RecipientList
	count                int
	expires              time.Time
	note, refID1, refID2 string
}

func (b *recipientBatch) settings() models.RegistrationTokenSettings {
	return models.RegistrationTokenSettings{
		Count: &b.count, ExpiresAt: &b.expires, Note: &b.note, RefID1: &b.refID1, RefID2: &b.refID2,
	}
}

// bindRecipients reads the form; people in a file are added to the list. An
// expiry that is left out is the usual one, and is shown as that.
func bindRecipients(c echo.Context) (views.RecipientsForm, error) {
	var form views.RecipientsForm
	err := web.BindListForm(c, &form, &form.Recipients)
	if strings.TrimSpace(form.ExpiryPreset+form.ExpirationDate) == "" {
		form.ExpiryPreset = defaultExpiryPreset
	}
	return form, err
}

// parseRecipients reads the list and what is common to all.
func parseRecipients(form views.RecipientsForm, now time.Time) (recipientBatch, error) {
	var p formParser
	batch := recipientBatch{
		list: models.ParseRecipients(form.Recipients),
		note: p.Lines("note", form.Note, models.MaxNoteLength), refID1: p.Text("refId1", form.RefID1), refID2: p.Text("refId2", form.RefID2),
	}
	if n := p.count(form.Count); n != nil {
		batch.count = *n
	} else if strings.TrimSpace(form.Count) == "" {
		p.Fail("count", "Say how many times each registration token may be used.")
	}
	if t := p.expiry(form.ExpiryPreset, form.ExpirationDate, now); t != nil {
		batch.expires = *t
	}
	switch n := len(batch.list.Recipients); {
	case strings.TrimSpace(form.Recipients) == "":
		p.Fail("recipients", "Give at least one recipient: a name or an e-mail address on each line.")
	case n > models.MaxRecipients:
		p.Fail("recipients", "The list has "+strconv.Itoa(n)+" recipients; at most 5,000 can be served at once.")
	}
	return batch, p.Err()
}

func (h *Recipients) failed(c echo.Context, form views.RecipientsForm, err error) error {
	failure, ok := web.AsFormFailure(c, err, expiryField(form.ExpiryPreset))
	if !ok {
		return err
	}
	return h.render(c, form, nil, failure)
}

func (h *Recipients) render(c echo.Context, form views.RecipientsForm, batch *recipientBatch, failure web.FormFailure) error {
	frame, err := belowRegistrationTokens(c, h.Frame, "New registration tokens", layout.Link{Label: "New", URL: paths.NewRegistrationToken}, layout.Link{Label: "One per recipient"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.Notices...)
	p := views.RecipientsPage{Page: frame, Form: form, Errors: failure.Errors, ExpiryBounds: expiryBounds(h.Now(), h.MaxTokenLifetime)}
	if batch != nil {
		if p.Form.Nonce, err = h.Forms.nonce(c); err != nil {
			return err
		}
		p.Check = batch.check(h.Now().UTC())
	}
	return web.Render(c, failure.Status, views.Recipients(p))
}

// check says what would be made.
func (b *recipientBatch) check(now time.Time) *views.RecipientsCheck {
	number := len(b.list.Recipients)
	leftOut := append(b.list.Bad, b.list.Duplicates...)
	return &views.RecipientsCheck{
		Number: number, Counts: number * b.count, ExpiresAt: b.expires, Now: now,
		Shown:   b.list.Recipients[:min(number, recipientsShown)],
		LeftOut: leftOut[:min(len(leftOut), recipientsShown)], LeftOutNumber: len(leftOut),
	}
}

func (h *Recipients) renderMade(c echo.Context) error {
	frame, err := belowRegistrationTokens(c, h.Frame, "Registration tokens created", layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.RecipientsMade(frame))
}
