package desk

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/layout"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

// How much the overview shows.
const (
	overviewAttention = 8
	overviewActivity  = 12
	overviewRequests  = 3
	overviewDays      = 14
)

// Overview answers what an administrator asks first: is anything wrong, and
// what is going on.
type Overview struct {
	Read interface {
		Attention(ctx context.Context, v seen.Viewer, limit int, now time.Time) (items []seen.Attention, total int, err error)
		AuthTokens(ctx context.Context, v seen.Viewer, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (seen.Page[seen.AuthToken], error)
		RefusedAttempts(ctx context.Context, v seen.Viewer, f models.RefusedAttemptFilter, p models.PageRequest) (seen.Page[seen.RefusedAttempt], error)
		openRequestReader
	}
	Figures OverviewFigures
	Frame   *web.Frame
	Now     func(c echo.Context) time.Time
}

// OverviewFigures counts; it names nobody.
type OverviewFigures interface {
	RegistrationTokenStatusCounts(ctx context.Context, now time.Time) (map[models.Status]int, error)
	Activity(ctx context.Context, periods int, length time.Duration, now time.Time) (models.Activity, error)
}

// Show shows the page, or to htmx the part that reloads itself.
func (h *Overview) Show(c echo.Context) error {
	ctx, v, now := c.Request().Context(), web.Viewer(c), h.Now(c)
	frame, err := h.Frame.Page(c, "Overview", layout.NavOverview)
	if err != nil {
		return err
	}
	mayAct := v.Can(models.PermissionRegistrationTokenWrite)
	p := views.OverviewPage{Page: frame, Now: now, MayCreate: mayAct}
	attention, total, err := h.Read.Attention(ctx, v, overviewAttention, now)
	if err != nil {
		return err
	}
	for i := range attention {
		told := telling.AttentionOf(&attention[i], now, mayAct)
		shown := views.Attention{Attention: attention[i], Text: told, URL: remedyURL(told.Remedy.Kind, attention[i].ID)}
		if told.Claims {
			shown.URL = paths.RegistrationTokenSection(attention[i].ID, views.SectionExpected, nil)
		}
		p.Attention = append(p.Attention, shown)
	}
	p.More = total - len(attention)
	p.MayDecide = v.Can(models.PermissionRequestDecide)
	if p.Requests, p.MoreRequests, err = openRequests(ctx, h.Read, v, overviewRequests); err != nil {
		return err
	}
	if p.Figures, p.Fresh, err = h.figures(ctx, total, now); err != nil {
		return err
	}
	if p.Activity, err = h.activity(ctx, v, now); err != nil {
		return err
	}
	return web.RenderPart(c, http.StatusOK, views.Overview(p), views.OverviewContent(p))
}

// figures are the numbers at the top; fresh means that there is no registration
// token yet.
func (h *Overview) figures(ctx context.Context, attention int, now time.Time) (figures []views.Figure, fresh bool, err error) {
	counts, err := h.Figures.RegistrationTokenStatusCounts(ctx, now)
	if err != nil {
		return nil, false, err
	}
	all := 0
	for _, n := range counts {
		all += n
	}
	activity, err := h.Figures.Activity(ctx, overviewDays, web.Day, now)
	if err != nil {
		return nil, false, err
	}
	spark := func(label string, numbers []int, to string) views.Figure {
		return views.Figure{
			Label: label + ", last 24 hours", Value: numbers[len(numbers)-1], URL: to, Spark: numbers, SparkText: "each day, two weeks",
			SparkLabel: label + " per day over two weeks, oldest first: " + listed(numbers),
		}
	}
	return []views.Figure{
		{
			Label: "Active tokens", Value: counts[models.StatusActive], Of: "of " + ui.Number(all),
			URL:   paths.RegistrationTokensIn(string(models.StatusActive)),
			Spark: activity.Created, SparkText: "new each day, two weeks",
			SparkLabel: "New registration tokens per day over two weeks, oldest first: " + listed(activity.Created),
		},
		{
			Label: "Need attention", Value: attention, URL: paths.RegistrationTokensAttention,
			Spark: activity.Expiring, SparkText: "expire, two weeks ahead",
			SparkLabel: "Registration tokens that expire, per day over the next two weeks: " + listed(activity.Expiring),
		},
		spark("Redemptions", activity.Redeemed, paths.AuthTokens),
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

// activity is what happened last, newest first.
func (h *Overview) activity(ctx context.Context, v seen.Viewer, now time.Time) ([]views.Activity, error) {
	page := models.PageRequest{Size: overviewActivity}
	redeemed, err := h.Read.AuthTokens(ctx, v, models.AuthTokenFilter{}, page, now)
	if err != nil {
		return nil, err
	}
	refused, err := h.Read.RefusedAttempts(ctx, v, models.RefusedAttemptFilter{}, page)
	if err != nil {
		return nil, err
	}
	var rows []views.Activity
	for i := range redeemed.Items {
		rows = append(rows, views.Activity{Redeemed: &redeemed.Items[i]})
	}
	for i := range refused.Items {
		rows = append(rows, views.Activity{Refused: &refused.Items[i]})
	}
	slices.SortStableFunc(rows, func(a, b views.Activity) int { return b.When().Compare(a.When()) })
	rows = rows[:min(overviewActivity, len(rows))]
	return rows, h.nameRegistrationTokens(ctx, v, rows)
}

// nameRegistrationTokens says which registration token each row is about.
func (h *Overview) nameRegistrationTokens(ctx context.Context, v seen.Viewer, rows []views.Activity) error {
	ids := make([]string, len(rows)) // empty for an unknown secret
	for i, row := range rows {
		if row.Redeemed != nil {
			ids[i] = row.Redeemed.RegistrationTokenID
		} else if row.Refused.RegistrationTokenID != nil {
			ids[i] = *row.Refused.RegistrationTokenID
		}
	}
	labels, err := labelsOf(ctx, h.Read, v, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if id != "" {
			rows[i].RegistrationToken = &layout.Link{Label: cmp.Or(labels[id], id), URL: paths.RegistrationToken(id)}
		}
	}
	return nil
}
