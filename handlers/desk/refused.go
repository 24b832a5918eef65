package desk

import (
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/telling"
)

// refused lists who was turned away and, unless the desk is building, who is still
// waiting.
func (h *RegistrationToken) refused(c echo.Context, t *seen.RegistrationToken, verdict *seen.Verdict, building bool, now time.Time) (*views.Refused, error) {
	q := sectionQuery(c, t.ID, views.SectionRefused, url.Values{})
	found, err := h.Read.RefusedAttempts(c.Request().Context(), web.Viewer(c), models.RefusedAttemptFilter{RegistrationTokenID: t.ID}, q.Request())
	if err != nil {
		return nil, err
	}
	return &views.Refused{
		Section: views.Section{Token: t, Now: now, URL: q.Self(), Paging: q.Paging(len(found.Items), found.NextToken())},
		Causes:  causesOf(found.Items, verdict.Waiting), Waiting: verdict.Waiting, WaitingText: telling.Waiting(verdict), Building: building,
	}, nil
}

// causesOf groups attempts, which are newest first, by their reason and who made
// them, without those of who is told elsewhere. It knows them only as they are seen:
// who looks alike is one row.
func causesOf(attempts []seen.RefusedAttempt, elsewhere []seen.Waiting) []views.Cause {
	type who struct {
		reason, host, mac, ip string
		person                seen.Person
	}
	var causes []views.Cause
	places, rows, told := map[string]int{}, map[who]int{}, map[string]bool{}
	for i := range elsewhere {
		for _, code := range elsewhere[i].SupportCodes {
			told[code] = true
		}
	}
	for i := range attempts {
		a := &attempts[i]
		if told[a.SupportCode] {
			continue
		}
		w := who{telling.Reason(a), a.FQDN, a.MACAddress, a.IP, a.Person()}
		at, known := places[w.reason]
		if !known {
			at, places[w.reason] = len(causes), len(causes)
			causes = append(causes, views.Cause{Reason: w.reason, Last: a.AttemptedAt})
		}
		cause := &causes[at]
		cause.Attempts, cause.First = cause.Attempts+1, a.AttemptedAt
		row, known := rows[w]
		if !known {
			row, rows[w] = len(cause.Rows), len(cause.Rows)
			cause.Rows = append(cause.Rows, views.TurnedAway{RefusedAttempt: *a})
		}
		cause.Rows[row].Attempts++
	}
	return causes
}
