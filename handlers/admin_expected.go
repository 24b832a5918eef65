package handlers

import (
	"cmp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/paths"
	"muster/views/ui"
)

// sectionExpected is the tab of the list of the expected.
const sectionExpected = "expected"

func expectedURL(id string) string {
	return registrationTokenURL(id) + "?section=" + sectionExpected
}

// showUnexpected is the part of the tab that is not of the list (parameter
// show); the others are the states of an entry.
const showUnexpected = "unexpected"

func (h *adminHandler) expectedSection(c echo.Context, token *models.RegistrationToken, now time.Time) (*views.RegistrationTokenExpectedSection, error) {
	actor := actorOf(c)
	q := sectionQuery(c, token.ID, sectionExpected)
	show := cmp.Or(c.QueryParam("show"), string(models.ExpectationMissing))
	q.more.Set("show", show)
	s := &views.RegistrationTokenExpectedSection{
		RegistrationTokenID: token.ID, URL: q.self(), Show: show, Listed: token.ExpectedCount,
		Rules: admissionSentences(token.Admission, masker(actor)),
	}
	if actor.Can(models.PermissionRegistrationTokenWrite) && token.DeletedAt == nil {
		s.EditURL = paths.Admission(token.ID)
	}
	counts, err := h.store.ExpectationCounts(c.Request().Context(), token.ID, now)
	if err != nil {
		return nil, err
	}
	for _, tab := range []struct {
		show, label string
		count       int
	}{
		{string(models.ExpectationMissing), "Missing", counts.Missing},
		{string(models.ExpectationArrived), "Arrived", counts.Arrived},
		{showUnexpected, "Unexpected", counts.Unexpected},
	} {
		s.Tabs = append(s.Tabs, ui.Tab{Label: tab.label, Count: tab.count, URL: expectedURL(token.ID) + "&show=" + tab.show, Current: tab.show == show})
	}
	switch show {
	case showUnexpected:
		return s, h.addStrangers(c, s, q, now)
	case string(models.ExpectationMissing), string(models.ExpectationArrived):
		return s, h.addExpected(c, s, q, now)
	default:
		return nil, noSuchSection()
	}
}

func (h *adminHandler) addExpected(c echo.Context, s *views.RegistrationTokenExpectedSection, q listQuery, now time.Time) error {
	found, err := h.store.Expectations(c.Request().Context(), models.ExpectationFilter{RegistrationTokenID: s.RegistrationTokenID, State: models.ExpectationState(s.Show), AsMasked: masksPersonalData(actorOf(c))}, q.request())
	if err != nil {
		return err
	}
	actor := actorOf(c)
	for i := range found.Items {
		e := maskedExpectation(actor, &found.Items[i])
		row := views.ExpectedRow{
			ID: e.ID, Pattern: e.Pattern, Kind: e.Kind, Note: e.Note, Arrivals: e.Arrivals, First: momentOfOptional(e.FirstArrivedAt, now),
		}
		if e.FirstAuthTokenID != nil && actor.Can(models.PermissionAuthTokenRead) {
			row.URL = authTokenURL(*e.FirstAuthTokenID)
		}
		s.Rows = append(s.Rows, row)
	}
	s.Paging = q.paging(len(found.Items), found.NextToken)
	return nil
}

// addStrangers lists the live auth tokens of uses that were not expected.
func (h *adminHandler) addStrangers(c echo.Context, s *views.RegistrationTokenExpectedSection, q listQuery, now time.Time) error {
	filter := models.AuthTokenFilter{RegistrationTokenID: s.RegistrationTokenID, Lens: models.LensUnexpected}
	found, err := h.store.AuthTokens(c.Request().Context(), filter, q.request(), now)
	if err != nil {
		return err
	}
	actor := actorOf(c)
	for i := range found.Items {
		t := masked(actor, &found.Items[i])
		row := views.UseRow{
			AuthTokenID: t.ID, Person: personOf(t.VerifiedIdentity, t.ClaimedIdentity), Host: t.FQDN, MAC: t.MACAddress, IP: t.IP,
			When: momentOf(t.CreatedAt, now), LastSeen: momentOf(t.LastSeenAt, now), State: t.State(now),
		}
		if actor.Can(models.PermissionAuthTokenRead) {
			row.URL = authTokenURL(t.ID)
		}
		s.Strangers = append(s.Strangers, row)
	}
	if actor.Can(models.PermissionAuthTokenWrite) {
		s.SelectURL = authTokensURL + "?registrationToken=" + s.RegistrationTokenID + "&state=" + string(models.LensUnexpected)
	}
	s.Paging = q.paging(len(found.Items), found.NextToken)
	return nil
}

// admissionSentences say who may redeem.
func admissionSentences(a models.Admission, mask func(string) string) []string {
	var sentences []string
	add := func(holds bool, text string) {
		if holds {
			sentences = append(sentences, text)
		}
	}
	add(a.OnlyExpected, "Only who is on the list is let in.")
	add(!a.OnlyExpected && a.ExpectedCount > 0, "Who is not on the list is let in too, and marked as unexpected.")
	add(a.SignInRequired, "Only who is signed in is let in.")
	add(len(a.EmailDomains) > 0, "Only who is signed in with a verified e-mail address of "+strings.Join(a.EmailDomains, ", ")+".")
	add(len(a.Networks) > 0, "Only from "+mask(strings.Join(a.Networks, ", "))+".")
	add(len(sentences) == 0, "Whoever has the secret is let in, until the count is used up.")
	return sentences
}
