package handlers

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/models"
	"muster/views"
	"muster/views/layout"
	"muster/views/ui"
)

// What the overview shows of everything.
const (
	overviewAttention = 8
	overviewActivity  = 12
	overviewDays      = 14
)

// needsAttention is the part of the list of registration tokens (parameter
// status) that somebody should look at.
const needsAttention = "attention"

// overview answers what an administrator asks first: is anything wrong, and
// what is going on.
func (h *adminHandler) overview(c echo.Context) error {
	ctx, actor, now := c.Request().Context(), actorOf(c), h.now().UTC()
	frame, err := h.page(c, "Overview", layout.NavOverview)
	if err != nil {
		return err
	}
	p := views.OverviewPage{Page: frame, MoreURL: registrationTokensURL + "?status=" + needsAttention}
	if actor.Can(models.PermissionRegistrationTokenWrite) {
		p.NewURL = registrationTokensURL + "/new"
	}
	attention, err := h.store.Attention(ctx, overviewAttention, now)
	if err != nil {
		return err
	}
	for i := range attention.Items {
		p.Attention = append(p.Attention, attentionRow(&attention.Items[i], actor, now))
	}
	p.More = attention.Total - len(attention.Items)
	if p.Figures, p.Fresh, err = h.figures(ctx, attention.Total, now); err != nil {
		return err
	}
	if p.Activity, err = h.activity(ctx, actor, now); err != nil {
		return err
	}
	return renderPart(c, http.StatusOK, views.Overview(p), views.OverviewContent(p))
}

// figures are the numbers on top; fresh tells that there is nothing yet.
func (h *adminHandler) figures(ctx context.Context, attention int, now time.Time) (figures []views.Figure, fresh bool, err error) {
	counts, err := h.store.RegistrationTokenStatusCounts(ctx, now)
	if err != nil {
		return nil, false, err
	}
	all := 0
	for _, n := range counts {
		all += n
	}
	activity, err := h.store.Activity(ctx, overviewDays, day, now)
	if err != nil {
		return nil, false, err
	}
	spark := func(label string, numbers []int, to string) views.Figure {
		return views.Figure{
			Label: label + ", last 24 hours", Value: numbers[len(numbers)-1], URL: to, Spark: numbers,
			SparkLabel: label + " a day over two weeks, oldest first: " + listed(numbers),
		}
	}
	return []views.Figure{
		{
			Label: "Active tokens", Value: counts[models.StatusActive], Of: "of " + ui.Number(all),
			URL: registrationTokensURL + "?status=" + string(models.StatusActive),
		},
		{Label: "Need attention", Value: attention, URL: registrationTokensURL + "?status=" + needsAttention},
		spark("Redemptions", activity.Redeemed, authTokensURL),
		spark("Turned away", activity.Refused, ""),
	}, all == 0, nil
}

func listed(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}

// attentionRow says what is wrong in a sentence and proposes one thing.
func attentionRow(a *models.Attention, actor models.Actor, now time.Time) views.AttentionRow {
	t := maskedRegistrationToken(actor, &a.RegistrationToken)
	row := views.AttentionRow{
		Identifier: t.Identifier, URL: registrationTokenURL(t.ID), Usage: usageOf(t, now),
		Action: "Open", ActionURL: registrationTokenURL(t.ID),
	}
	propose := func(action, path string) {
		if actor.Can(models.PermissionRegistrationTokenWrite) {
			row.Action, row.ActionURL = action, registrationTokenURL(t.ID)+path
		}
	}
	left := ui.Number(t.RemainingCount()) + " of " + ui.Number(t.Count)
	turnedAway := ", and " + plural(a.Refused, "attempt") + " " + wasWere(a.Refused) + " turned away, the first"
	switch t.Status(now) {
	case models.StatusExpired:
		row.Sentence = "expired with " + left + " unused" + turnedAway
		row.Since = momentOf(a.RefusedSince, now)
		propose("Replace…", "/replace")
	case models.StatusExhausted:
		row.Sentence = "is used up, " + ui.Number(t.Count) + " of " + ui.Number(t.Count) + turnedAway
		row.Since = momentOf(a.RefusedSince, now)
		propose("Raise count…", "/edit")
	default:
		row.Sentence = "has " + left + " left and expires"
		row.Since = momentOf(t.ExpiresAt, now)
		if t.ExpiresAt.Sub(now) <= models.AttentionExpiry {
			propose("Extend…", "/edit")
		} else {
			propose("Raise count…", "/edit")
		}
	}
	return row
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// activity is what happened last, newest first.
func (h *adminHandler) activity(ctx context.Context, actor models.Actor, now time.Time) ([]views.ActivityRow, error) {
	page := models.PageRequest{Size: overviewActivity}
	redeemed, err := h.store.AuthTokens(ctx, models.AuthTokenFilter{}, page, now)
	if err != nil {
		return nil, err
	}
	refused, err := h.store.RefusedAttempts(ctx, models.RefusedAttemptFilter{}, page)
	if err != nil {
		return nil, err
	}
	var rows []views.ActivityRow
	for i := range redeemed.Items {
		t := masked(actor, &redeemed.Items[i])
		rows = append(rows, views.ActivityRow{
			Person: personOf(t.VerifiedIdentity, t.ClaimedIdentity), Host: t.FQDN, URL: authTokenURL(t.ID),
			RegistrationToken: layout.Link{URL: t.RegistrationTokenID}, When: momentOf(t.CreatedAt, now),
		})
	}
	for i := range refused.Items {
		a := maskedAttempt(actor, &refused.Items[i])
		row := views.ActivityRow{
			Refused: true, Person: personOf(a.VerifiedIdentity, a.ClaimedIdentity), Host: a.FQDN,
			Reason: refusalReason(a), When: momentOf(a.AttemptedAt, now),
		}
		if a.RegistrationTokenID != nil {
			row.RegistrationToken.URL = *a.RegistrationTokenID
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b views.ActivityRow) int { return cmp.Compare(b.When.Machine, a.When.Machine) })
	rows = rows[:min(overviewActivity, len(rows))]
	return rows, h.nameRegistrationTokens(ctx, rows, actor)
}

// nameRegistrationTokens turns the ids in the rows into links with labels.
func (h *adminHandler) nameRegistrationTokens(ctx context.Context, rows []views.ActivityRow, actor models.Actor) error {
	for i := range rows {
		link := &rows[i].RegistrationToken
		if link.URL == "" {
			link.Label = "an unknown registration token"
			continue
		}
		named, err := h.registrationTokenLink(ctx, &link.URL, actor)
		if err != nil {
			return err
		}
		*link = *named
	}
	return nil
}
