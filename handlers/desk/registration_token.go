package desk

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"muster/handlers/listing"
	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

// RegistrationToken is the page of one registration token, with a tab for each
// thing that happened to it. The tabs are paged and reload themselves; the rest
// of the page reloads with the parameter "whole". With "print" it is made for paper.
type RegistrationToken struct {
	Read    RegistrationTokenReader
	Figures RegistrationTokenFigures
	// Parts keeps what many browsers reload after the same change.
	Parts interface {
		Render(c echo.Context, build func() (templ.Component, error)) error
	}
	Frame   *web.Frame
	Now     func(c echo.Context) time.Time
	Tickets web.TicketLinks
}

// RegistrationTokenFigures counts; it names nobody.
type RegistrationTokenFigures interface {
	BurnDown(ctx context.Context, registrationTokenID string) (models.BurnDown, error)
	ExpectationCounts(ctx context.Context, registrationTokenID string, now time.Time) (models.ExpectationCounts, error)
}

// RegistrationTokenReader reads what happened to a registration token.
type RegistrationTokenReader interface {
	grantReader
	registrationTokenReader
	SeveralCustomers(ctx context.Context) (bool, error)
	TokenUses(ctx context.Context, v seen.Viewer, registrationTokenID string, p models.PageRequest) (seen.Page[seen.TokenUse], error)
	SelectedUses(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.TokenUse], error)
	UseGroups(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, by models.Facet, p models.PageRequest, now time.Time) (seen.Page[seen.UseGroup], error)
	AuthToken(ctx context.Context, v seen.Viewer, id string) (*seen.AuthToken, error)
	AuthTokens(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.AuthToken], error)
	RefusedAttempts(ctx context.Context, v seen.Viewer, f models.RefusedAttemptFilter, p models.PageRequest) (seen.Page[seen.RefusedAttempt], error)
	Expectations(ctx context.Context, v seen.Viewer, f models.ExpectationFilter, p models.PageRequest) (seen.Page[seen.Expectation], error)
	Verdict(ctx context.Context, v seen.Viewer, t *seen.RegistrationToken, now time.Time) (seen.Verdict, error)
	trailReader
	requestReader
	noteReader
}

// Show shows the page, or to htmx the part that changed.
func (h *RegistrationToken) Show(c echo.Context) error {
	v, err := viewerOf(c, h.Read, models.ObjectRegistrationToken, c.Param("id"), h.Now(c))
	if err != nil {
		return err
	}
	t, err := h.Read.RegistrationToken(c.Request().Context(), v, c.Param("id"))
	if err != nil {
		return err
	}
	showMaskBar(c, models.ObjectRegistrationToken, t.ID)
	section := cmp.Or(c.QueryParam("section"), views.SectionUses)
	if web.WantsPart(c) {
		return h.Parts.Render(c, func() (templ.Component, error) { return h.part(c, t, section) })
	}
	if c.QueryParam("print") != "" {
		return h.print(c, t)
	}
	p, err := h.page(c, t, section)
	if err != nil {
		return err
	}
	if p.Page, err = below(c, h.Frame, t.Identifier, layout.Link{Label: t.Identifier}); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, views.RegistrationToken(p))
}

// below starts a page below the list of registration tokens.
func below(c echo.Context, frame *web.Frame, title string, trail ...layout.Link) (layout.Page, error) {
	list := layout.Link{Label: "Registration tokens", URL: paths.RegistrationTokens}
	return frame.Below(c, list, title, layout.NavRegistrationTokens, trail...)
}

// part is what reloads after a change: a section or, with the parameter
// "whole", everything around it.
func (h *RegistrationToken) part(c echo.Context, t *seen.RegistrationToken, section string) (templ.Component, error) {
	now := h.Now(c)
	switch {
	case c.QueryParam("whole") != "" || section == views.SectionChanges:
		p, err := h.page(c, t, section)
		return views.RegistrationTokenParts(p), err
	case section == views.SectionUses:
		uses, err := h.uses(c, t, now)
		return views.UsesSection(uses), err
	case section == views.SectionRefused:
		verdict, err := h.Read.Verdict(c.Request().Context(), web.Viewer(c), t, now)
		building, err := unlessBuilding(err)
		if err != nil {
			return nil, err
		}
		refused, err := h.refused(c, t, &verdict, building, now)
		return views.RefusedSection(refused), err
	case section == views.SectionExpected:
		expected, err := h.expected(c, t, now)
		return views.ExpectedSection(expected), err
	}
	return nil, noSuchSection()
}

// page gathers everything but the frame.
func (h *RegistrationToken) page(c echo.Context, t *seen.RegistrationToken, section string) (views.RegistrationTokenPage, error) {
	ctx, v, now := c.Request().Context(), web.Viewer(c), h.Now(c)
	mayAct := v.Can(models.PermissionRegistrationTokenWrite)
	p := views.RegistrationTokenPage{Token: t, Now: now, Actions: actionsOn(t, mayAct, now)}
	asks, err := h.addWritten(ctx, &p, v)
	if err != nil {
		return p, err
	}
	restoreNote(c, &p.Notes)
	events, err := changesOf(ctx, h.Read, v, models.ObjectRegistrationToken, t.ID, asks.requests)
	if err != nil {
		return p, err
	}
	burnt, err := h.Figures.BurnDown(ctx, t.ID)
	if err != nil {
		return p, err
	}
	verdict, err := h.Read.Verdict(ctx, v, t, now)
	building, err := unlessBuilding(err)
	if err != nil {
		return p, err
	}
	p.Reasons = telling.StatusReasons(t, now, events)
	p.Verdict = verdictOf(&verdict, t, mayAct && t.DeletedAt == nil, asks, now)
	p.Verdict.Building = building
	if p.Verdict.Sentence != "" {
		p.Reasons = telling.BesideSentence(p.Reasons)
	}
	p.BurnDown = burnDown(t, burnt, events, &verdict, now)
	if !building {
		p.Pace = telling.Pace(t, &verdict, now)
	}
	by := chosenMost(c, &verdict)
	p.URL, p.Tabs = sectionTabs(t, section, len(events), c.QueryParam("most"))
	if p.Most, err = h.most(ctx, v, t, by, section, &verdict, now); err != nil {
		return p, err
	}
	switch section {
	case views.SectionUses:
		p.Uses, err = h.uses(c, t, now)
	case views.SectionRefused:
		p.Refused, err = h.refused(c, t, &verdict, building, now)
	case views.SectionExpected:
		p.Expected, err = h.expected(c, t, now)
		p.Tester.RegistrationTokenID = t.ID
		restoreTester(c, &p.Tester.Form)
	case views.SectionChanges:
		p.Changes = events
	default:
		err = noSuchSection()
	}
	if err != nil {
		return p, err
	}
	return p, h.addLinks(ctx, &p, v)
}

// addWritten adds what people asked for and wrote down, and returns what can be
// asked for.
func (h *RegistrationToken) addWritten(ctx context.Context, p *views.RegistrationTokenPage, v seen.Viewer) (asker, error) {
	found, err := requestsOf(ctx, h.Read, v, p.Token.ID)
	if err != nil {
		return asker{}, err
	}
	asks := asker{token: p.Token, requests: found, now: p.Now, may: mayOnlyAsk(v)}
	p.Asks, p.Requests = asks.asks(p.Token), shownRequests(found, p.Token.ID, h.Tickets, p.Now)
	p.Notes, err = notesOf(ctx, h.Read, v, models.ObjectRegistrationToken, p.Token.ID, h.Tickets, p.Now)
	return asks, err
}

// addLinks adds the customer, where there are several, and the chain of
// replacements.
func (h *RegistrationToken) addLinks(ctx context.Context, p *views.RegistrationTokenPage, v seen.Viewer) error {
	several, err := h.Read.SeveralCustomers(ctx)
	if err != nil {
		return err
	}
	if several {
		p.Customer = p.Token.Customer.Name
	}
	if p.Replaces, err = linkTo(ctx, h.Read, v, p.Token.ReplacesID); err != nil {
		return err
	}
	p.ReplacedBy, err = linkTo(ctx, h.Read, v, p.Token.ReplacedByID)
	return err
}

// actionsOn are what the state of t allows somebody who may act at all: an
// expired one can be replaced or deleted, a deleted one cannot be changed.
func actionsOn(t *seen.RegistrationToken, mayAct bool, now time.Time) views.Actions {
	if !mayAct || t.DeletedAt != nil {
		return views.Actions{}
	}
	expired, replaced := !now.Before(t.ExpiresAt), t.ReplacedByID != nil
	return views.Actions{
		Delete: true, Replace: !replaced, Edit: !expired,
		Disable: !expired && t.DisabledAt == nil, Enable: !expired && t.DisabledAt != nil && !replaced,
	}
}

// unlessBuilding tells whether the desk is still being put together, which is no
// reason to withhold the rest of the page. Other errors stay.
func unlessBuilding(err error) (building bool, other error) {
	if errors.Is(err, models.ErrDeskBuilding) {
		return true, nil
	}
	return false, err
}

func noSuchSection() error { return listing.Invalid("section", "There is no such part of the page.") }

// sectionTabs are the tabs of the page; self is the address of the current one.
// most is the choice of who took most, which stays.
func sectionTabs(t *seen.RegistrationToken, section string, changes int, most string) (self string, tabs []ui.Tab) {
	kept := url.Values{}
	if most != "" {
		kept.Set("most", most)
	}
	for _, tab := range []struct {
		section, label string
		count          int
	}{
		{views.SectionUses, "Who used it", t.RedemptionCount},
		{views.SectionRefused, "Turned away", t.RefusedCount},
		{views.SectionExpected, "Expected", t.ExpectedCount},
		{views.SectionChanges, "Changes", changes},
	} {
		address := paths.RegistrationTokenSection(t.ID, tab.section, kept)
		if tab.section == section {
			self = address
		}
		tabs = append(tabs, ui.Tab{Label: tab.label, Count: tab.count, URL: address, Current: tab.section == section})
	}
	return self, tabs
}

// sectionQuery is the query of a section, with further parameters. The page
// parameter counts only for the section that is named beside it.
func sectionQuery(c echo.Context, id, section string, more url.Values) listing.Query {
	more.Set("section", section)
	page := ""
	if c.QueryParam("section") == section {
		page = c.QueryParam("page")
	}
	return listing.Part(paths.RegistrationToken(id), web.PageSize(c), page, more)
}
