package handlers

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/tokens"
	"muster/views"
	"muster/views/layout"
)

const (
	recipientsURL      = registrationTokensURL + "/new/recipients"
	createRecipientURL = registrationTokensURL + "/recipients"

	// recipientsShown is how much of a long list the check repeats.
	recipientsShown = 50
)

func (h *adminHandler) newRecipients(c echo.Context) error {
	form := views.RecipientsForm{Count: "1", ExpiryPreset: defaultExpiryPreset}
	return h.renderRecipients(c, form, nil, formFailure{status: http.StatusOK})
}

// checkRecipients says what would be made of a list, and makes nothing.
func (h *adminHandler) checkRecipients(c echo.Context) error {
	form, err := bindRecipients(c)
	if err != nil {
		return h.recipientsFailed(c, form, err)
	}
	batch, err := parseRecipients(form, h.now())
	if err != nil {
		return h.recipientsFailed(c, form, err)
	}
	return h.renderRecipients(c, form, &batch, formFailure{status: http.StatusOK})
}

// createRecipients answers with the secrets as a file: here and nowhere else.
func (h *adminHandler) createRecipients(c echo.Context) error {
	form, err := bindRecipients(c)
	if err != nil {
		return h.recipientsFailed(c, form, err)
	}
	batch, invalid := parseRecipients(form, h.now())
	if n := len(batch.list.Recipients); invalid == nil && strconv.Itoa(n) != form.Expected {
		invalid = models.InvalidField("expected", "The list differs from the one that was checked; check it again.")
	}
	var issued []tokens.IssuedRegistrationToken
	err = h.once(c, form.Nonce, invalid, func(ctx context.Context) (string, error) {
		var err error
		issued, err = h.tokens.CreateRegistrationTokens(ctx, actorOf(c), batch.list.Recipients, batch.settings())
		if err != nil {
			return "", err
		}
		return issued[0].RegistrationToken.ID, nil
	})
	if _, ok := errors.AsType[*madeBefore](err); ok {
		return h.renderRecipientsMade(c, form)
	}
	if err != nil {
		return h.recipientsFailed(c, form, err)
	}
	return h.sendSecrets(c, issued)
}

func (h *adminHandler) sendSecrets(c echo.Context, issued []tokens.IssuedRegistrationToken) error {
	var file bytes.Buffer
	out, err := newCSVWriter(&file)
	if err != nil {
		return err
	}
	err = out.row("name", "email", "registration token", "redeem link", "count", "expires (UTC)")
	for _, i := range issued {
		err = errors.Join(err, out.row(i.Recipient.Name, i.Recipient.Email, i.Secret.Reveal(), h.redeemLink(i.Secret).Reveal(),
			strconv.Itoa(i.RegistrationToken.Count), i.RegistrationToken.ExpiresAt.UTC().Format(time.RFC3339)))
	}
	if err := errors.Join(err, out.flush()); err != nil {
		return err
	}
	csvHeaders(c, "registration-tokens-"+h.now().UTC().Format("2006-01-02-150405")+".csv")
	_, err = file.WriteTo(c.Response())
	return err
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
	err := bindListForm(c, &form, &form.Recipients)
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
		note: p.lines("note", form.Note, models.MaxNoteLength), refID1: p.text("refId1", form.RefID1), refID2: p.text("refId2", form.RefID2),
	}
	if n := p.count(form.Count); n != nil {
		batch.count = *n
	} else if strings.TrimSpace(form.Count) == "" {
		p.fail("count", "Say how many times each registration token may be used.")
	}
	if t := p.expiry(form.ExpiryPreset, form.ExpirationDate, now); t != nil {
		batch.expires = *t
	}
	switch n := len(batch.list.Recipients); {
	case strings.TrimSpace(form.Recipients) == "":
		p.fail("recipients", "Give at least one recipient: a name or an e-mail address on each line.")
	case n > models.MaxRecipients:
		p.fail("recipients", "The list has "+strconv.Itoa(n)+" recipients; at most 5,000 can be served at once.")
	}
	return batch, p.err()
}

func (h *adminHandler) recipientsFailed(c echo.Context, form views.RecipientsForm, err error) error {
	failure, ok := asFormFailure(c, err, expiryField(form.ExpiryPreset))
	if !ok {
		return err
	}
	return h.renderRecipients(c, form, nil, failure)
}

func (h *adminHandler) renderRecipients(c echo.Context, form views.RecipientsForm, batch *recipientBatch, failure formFailure) error {
	frame, err := h.registrationTokenPage(c, "New registration tokens", layout.Link{Label: "New", URL: registrationTokensURL + "/new"}, layout.Link{Label: "One per recipient"})
	if err != nil {
		return err
	}
	frame.Notices = append(frame.Notices, failure.notices...)
	p := views.RecipientsPage{Page: frame, Form: form, Errors: failure.errors, CheckURL: recipientsURL, CancelURL: registrationTokensURL}
	p.MinExpiry, p.MaxExpiry = h.expiryBounds()
	if batch != nil {
		if p.Form.Nonce, err = h.newFormNonce(c); err != nil {
			return err
		}
		p.Check = recipientsCheck(*batch, h.now().UTC())
	}
	return render(c, failure.status, views.Recipients(p))
}

func recipientsCheck(batch recipientBatch, now time.Time) *views.RecipientsCheck {
	number := len(batch.list.Recipients)
	leftOut := append(batch.list.Bad, batch.list.Duplicates...)
	return &views.RecipientsCheck{
		CreateURL: createRecipientURL, Number: number, Counts: number * batch.count,
		Expiry:  momentOf(batch.expires, now),
		Shown:   batch.list.Recipients[:min(number, recipientsShown)],
		LeftOut: leftOut[:min(len(leftOut), recipientsShown)], LeftOutNumber: len(leftOut),
	}
}

func (h *adminHandler) renderRecipientsMade(c echo.Context, form views.RecipientsForm) error {
	frame, err := h.registrationTokenPage(c, "Registration tokens created", layout.Link{Label: "Created"})
	if err != nil {
		return err
	}
	p := views.RecipientsMadePage{Page: frame, ListURL: registrationTokensURL, NewURL: recipientsURL}
	return render(c, http.StatusOK, views.RecipientsMade(p))
}
