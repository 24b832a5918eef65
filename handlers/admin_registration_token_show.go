package handlers

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/ui"
)

// The tabs of the detail page (parameter section); the first two, and
// sectionExpected, are paged and reload by themselves. What stands above the tabs reloads with the
// parameter whole, and takes its part out of the page.
const (
	sectionUses    = "uses"
	sectionRefused = "refused"
	sectionChanges = "changes"
)

// sectionPageSize is how many rows a tab shows at once: much stands above.
const sectionPageSize = 10

func (h *adminHandler) showRegistrationToken(c echo.Context) error {
	token, err := h.store.RegistrationToken(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if err := h.look(c, objectRegistrationToken, token.ID); err != nil {
		return err
	}
	token = maskedRegistrationToken(viewerOf(c), token)
	section := cmp.Or(c.QueryParam("section"), sectionUses)
	if wantsPart(c) {
		return h.live.Parts.Render(c, func() (templ.Component, error) { return h.registrationTokenPart(c, token, section) })
	}
	p, err := h.registrationTokenDetail(c, token, section)
	if err != nil {
		return err
	}
	if p.Page, err = h.registrationTokenPage(c, token.Identifier, layout.Link{Label: token.Identifier}); err != nil {
		return err
	}
	return render(c, http.StatusOK, views.RegistrationTokenDetail(p))
}

// registrationTokenPart is what reloads after a change: a section, or with
// the parameter whole all that stands around it.
func (h *adminHandler) registrationTokenPart(c echo.Context, token *models.RegistrationToken, section string) (templ.Component, error) {
	now := h.now().UTC()
	switch {
	case c.QueryParam("whole") != "" || section == sectionChanges:
		p, err := h.registrationTokenDetail(c, token, section)
		return views.RegistrationTokenParts(p), err
	case section == sectionUses:
		uses, err := h.usesSection(c, token, now)
		if err != nil {
			return nil, err
		}
		return views.RegistrationTokenUses(*uses), nil
	case section == sectionRefused:
		judged, err := h.verdictOf(c.Request().Context(), token, now)
		if err != nil {
			return nil, err
		}
		refused, err := h.refusedSection(c, token, judged, now)
		if err != nil {
			return nil, err
		}
		return views.RegistrationTokenRefused(*refused), nil
	case section == sectionExpected:
		expected, err := h.expectedSection(c, token, now)
		if err != nil {
			return nil, err
		}
		return views.RegistrationTokenExpected(*expected), nil
	default:
		return nil, noSuchSection()
	}
}

// registrationTokenDetail gathers all of the page but its frame.
func (h *adminHandler) registrationTokenDetail(c echo.Context, token *models.RegistrationToken, section string) (views.RegistrationTokenDetailPage, error) {
	ctx, now, actor := c.Request().Context(), h.now().UTC(), viewerOf(c)
	p := registrationTokenDetailPage(token, actor, now)
	events, err := h.registrationTokenEvents(ctx, token.ID)
	if err != nil {
		return p, err
	}
	addDisableReason(p.Reasons, token, events, masker(actor))
	burnt, err := h.store.BurnDown(ctx, token.ID)
	if err != nil {
		return p, err
	}
	judged, err := h.verdictOf(ctx, token, now)
	if err != nil {
		return p, err
	}
	p.Verdict, p.VerdictNote, p.BurnDown = verdictRows(token, judged, actor), verdictNote(token), burnDown(token, burnt, events, judged.Findings, now)
	p.URL, p.Tabs = sectionTabs(token, section, len(events))
	switch section {
	case sectionUses:
		p.Uses, err = h.usesSection(c, token, now)
	case sectionRefused:
		p.Refused, err = h.refusedSection(c, token, judged, now)
	case sectionExpected:
		p.Expected, err = h.expectedSection(c, token, now)
		p.Try.Action = paths.AdmissionTry(token.ID)
	case sectionChanges:
		p.Changes = changeRows(events, masker(actor), now)
	default:
		err = noSuchSection()
	}
	if err != nil {
		return p, err
	}
	return p, h.addLinks(ctx, &p, token, actorOf(c))
}

func noSuchSection() error {
	return listError(models.FieldError{Field: "section", Message: "There is no such part of the page."})
}

// sectionTabs lead through what happened to a registration token.
func sectionTabs(t *models.RegistrationToken, section string, changes int) (self string, tabs []ui.Tab) {
	for _, tab := range []struct {
		section, label string
		count          int
	}{
		{sectionUses, "Who used it", t.RedemptionCount},
		{sectionRefused, "Turned away", t.RefusedCount},
		{sectionExpected, "Expected", t.ExpectedCount},
		{sectionChanges, "Changes", changes},
	} {
		address := registrationTokenURL(t.ID) + "?section=" + tab.section
		if tab.section == section {
			self = address
		}
		tabs = append(tabs, ui.Tab{Label: tab.label, Count: tab.count, URL: address, Current: tab.section == section})
	}
	return self, tabs
}

// sectionQuery is the address of one section of the detail page: the page
// parameter belongs to the section that is named beside it.
func sectionQuery(c echo.Context, id, section string) listQuery {
	q := listQuery{path: registrationTokenURL(id), size: sectionPageSize, more: url.Values{"section": {section}}}
	if c.QueryParam("section") == section {
		q.page = c.QueryParam("page")
	}
	return q
}

func (h *adminHandler) refusedSection(c echo.Context, token *models.RegistrationToken, judged models.Verdict, now time.Time) (*views.RegistrationTokenRefusedSection, error) {
	q := sectionQuery(c, token.ID, sectionRefused)
	s := &views.RegistrationTokenRefusedSection{RegistrationTokenID: token.ID, URL: q.self(), Total: token.RefusedCount}
	found, err := h.store.RefusedAttempts(c.Request().Context(), models.RefusedAttemptFilter{RegistrationTokenID: token.ID}, q.request())
	if err != nil {
		return nil, err
	}
	s.Waiting = waitingRows(judged, viewerOf(c), now)
	if actorOf(c).Can(models.PermissionRegistrationTokenWrite) && token.Status(now) == models.StatusExhausted {
		s.RaiseURL = registrationTokenURL(token.ID) + "/raise"
	}
	for i := range found.Items {
		s.Rows = append(s.Rows, refusedRow(maskedAttempt(viewerOf(c), &found.Items[i]), now))
	}
	s.Paging = q.paging(len(found.Items), found.NextToken)
	return s, nil
}

// addLinks names the customer, where that says something, and the chain of
// replacements.
func (h *adminHandler) addLinks(ctx context.Context, p *views.RegistrationTokenDetailPage, t *models.RegistrationToken, actor models.Actor) error {
	several, err := h.read.SeveralCustomers(ctx)
	if err != nil {
		return err
	}
	if several {
		p.Customer = t.Customer.Name
	}
	if p.Replaces, err = h.registrationTokenLink(ctx, t.ReplacesID, actor); err != nil {
		return err
	}
	p.ReplacedBy, err = h.registrationTokenLink(ctx, t.ReplacedByID, actor)
	return err
}

// registrationTokenLink leads to another registration token; nil when there
// is none any more.
func (h *adminHandler) registrationTokenLink(ctx context.Context, id *string, actor models.Actor) (*layout.Link, error) {
	if id == nil {
		return nil, nil
	}
	t, err := h.store.RegistrationToken(ctx, *id)
	if models.ErrorKind(err) == models.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &layout.Link{Label: maskedRegistrationToken(actor, t).Identifier, URL: registrationTokenURL(t.ID)}, nil
}

func registrationTokenDetailPage(t *models.RegistrationToken, actor models.Actor, now time.Time) views.RegistrationTokenDetailPage {
	p := views.RegistrationTokenDetailPage{
		ID: t.ID, Identifier: t.Identifier, Hint: t.Hint,
		Usage: usageOf(t, now), Status: t.Status(now), Reasons: statusReasons(t, now),
		Expiry: momentOf(t.ExpiresAt, now), Expired: !now.Before(t.ExpiresAt),
		LastRedeemed: momentOfOptional(t.LastRedeemedAt, now),
		CreatedBy:    t.CreatedBy, Created: momentOf(t.CreatedAt, now), Updated: momentOf(t.UpdatedAt, now),
		RefID1: t.RefID1, RefID2: t.RefID2, Note: t.Note,
	}
	if actor.Can(models.PermissionAuthTokenRead) {
		p.AuthTokensURL = authTokensURL + "?registrationToken=" + url.QueryEscape(t.ID)
	}
	if actor.Can(models.PermissionRegistrationTokenWrite) {
		addActions(&p, t, now)
	}
	return p
}

// addActions offers what the state allows (PRODUCT rules 3 to 6).
func addActions(p *views.RegistrationTokenDetailPage, t *models.RegistrationToken, now time.Time) {
	if t.DeletedAt != nil {
		return
	}
	self := registrationTokenURL(t.ID)
	p.DeleteURL = self + "/delete"
	if t.ReplacedByID == nil {
		p.ReplaceURL = self + "/replace"
	}
	if !now.Before(t.ExpiresAt) {
		return
	}
	p.EditURL = self + "/edit"
	switch {
	case t.DisabledAt == nil:
		p.DisableURL = self + "/disable"
	case t.ReplacedByID == nil:
		p.EnableURL = self + "/enable"
	}
}

func useRow(u *models.TokenUse, actor models.Actor, now time.Time) views.UseRow {
	r := &u.Redemption
	row := views.UseRow{
		AuthTokenID: r.AuthTokenID, UseNumber: r.UseNumber,
		Person: personOf(r.VerifiedIdentity, r.ClaimedIdentity),
		Host:   r.FQDN, MAC: r.MACAddress, IP: r.IP,
		When: momentOf(r.RedeemedAt, now), LastSeen: momentOf(u.AuthToken.LastSeenAt, now),
		State: u.AuthToken.State(now), Reclaimed: u.Reclaimed, Unexpected: u.Unexpected,
	}
	if actor.Can(models.PermissionAuthTokenRead) {
		row.URL = authTokenURL(r.AuthTokenID)
	}
	return row
}

func refusedRow(a *models.RefusedAttempt, now time.Time) views.RefusedRow {
	return views.RefusedRow{
		When: momentOf(a.AttemptedAt, now), Person: personOf(a.VerifiedIdentity, a.ClaimedIdentity),
		Host: a.FQDN, IP: a.IP, Reason: refusalReason(a), SupportCode: a.SupportCode,
	}
}
