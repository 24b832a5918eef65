package desk

import (
	"context"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
)

const (
	// recentKept is how many look-ups a browser remembers.
	recentKept = 8
	// recentLongest bounds the cookie.
	recentLongest = 1024
	// recentLife is how long: a working day.
	recentLife = web.Day / 2
)

// object is what a look-up found.
type object struct{ kind, id string }

// remember keeps what somebody found, and nothing of what they typed, in their
// browser alone.
func remember(c echo.Context, kind, id string) {
	now := object{kind, id}
	kept := append([]object{now}, slices.DeleteFunc(recentOf(c), func(o object) bool { return o == now })...)
	lines := []string{web.PersonMark(web.Actor(c).ID)}
	for _, o := range kept[:min(recentKept, len(kept))] {
		lines = append(lines, o.kind+" "+o.id)
	}
	web.SetSecretCookie(c, web.RecentCookie, []byte(strings.Join(lines, "\n")), recentLife)
}

// recentOf is what the person who asks found in this browser, the newest first.
func recentOf(c echo.Context) []object {
	lines := strings.Split(string(web.CookieBytes(c, web.RecentCookie, recentLongest)), "\n")
	if lines[0] != web.PersonMark(web.Actor(c).ID) {
		return nil
	}
	var found []object
	for _, line := range lines[1:] {
		kind, id, _ := strings.Cut(line, " ")
		if models.CheckText("id", id, models.MaxNameLength, false) == nil {
			found = append(found, object{kind, id})
		}
	}
	return found
}

// recent is what was found lately, as the viewer may see it; what is gone is left out.
func (h *Investigate) recent(ctx context.Context, v seen.Viewer, found []object) ([]views.Recent, error) {
	var shown []views.Recent
	for _, o := range found {
		r := views.Recent{URL: views.ObjectPage(o.kind, o.id), Kind: o.kind}
		var err error
		switch o.kind {
		case models.ObjectRegistrationToken:
			r.RegistrationToken, err = h.Read.RegistrationToken(ctx, v, o.id)
		case models.ObjectAuthToken:
			r.AuthToken, err = h.Read.AuthToken(ctx, v, o.id)
		case models.ObjectRefusedAttempt:
			r.Attempt, err = h.Read.RefusedAttempt(ctx, v, o.id)
		default:
			continue
		}
		if err := ifFound(err, func() { shown = append(shown, r) }); err != nil {
			return nil, err
		}
	}
	return shown, nil
}
