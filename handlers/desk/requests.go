package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"muster/handlers/web"
	"muster/models"
	"muster/seen"
	views "muster/views/desk"
	"muster/views/paths"
	"muster/views/telling"
	"muster/views/ui"
)

const (
	// requestsRead is how many requests of a registration token are looked at: far
	// more than can be open at a time.
	requestsRead = 100
	// requestsShown is how many of them a page shows; the others have a list.
	requestsShown = 5
)

// requestReader reads what was asked for.
type requestReader interface {
	Requests(ctx context.Context, v seen.Viewer, f models.RequestFilter, p models.PageRequest) (seen.Page[seen.Request], error)
}

// requestsOf reads the requests about a registration token, the newest first; none
// for who may not see them.
func requestsOf(ctx context.Context, read requestReader, v seen.Viewer, registrationTokenID string) ([]seen.Request, error) {
	if !v.Can(models.PermissionRequestRead) {
		return nil, nil
	}
	found, err := read.Requests(ctx, v, models.RequestFilter{RegistrationTokenID: registrationTokenID}, models.PageRequest{Size: requestsRead})
	return found.Items, err
}

// shownRequests are those that a page of their object shows: what is open first.
func shownRequests(found []seen.Request, registrationTokenID string, tickets web.TicketLinks, now time.Time) views.Requests {
	sorted := slices.Clone(found)
	slices.SortStableFunc(sorted, func(a, b seen.Request) int { return cmp.Compare(settled(&a), settled(&b)) })
	shown := views.Requests{Now: now}
	for i := range sorted[:min(requestsShown, len(sorted))] {
		shown.Rows = append(shown.Rows, views.Request{Request: sorted[i], Ticket: tickets.Link(sorted[i].Ticket, sorted[i].TicketMasked)})
	}
	if len(sorted) > requestsShown {
		shown.AllURL = paths.RequestsOf(registrationTokenID)
	}
	return shown
}

// settled sorts what waits for a decision before what does not.
func settled(r *seen.Request) int {
	if r.State == models.RequestOpen {
		return 0
	}
	return 1
}

// mayOnlyAsk tells whether somebody can ask for what they may not do.
func mayOnlyAsk(v seen.Viewer) bool {
	return v.Can(models.PermissionRequestWrite) && !v.Can(models.PermissionRegistrationTokenWrite)
}

// asker offers to ask for remedies of a registration token, and says which were.
type asker struct {
	token    *seen.RegistrationToken
	requests []seen.Request
	// may is set for who can ask and not act.
	may bool
	now time.Time
}

// ask offers a remedy; finding is whose auth tokens it is about, n the number that
// is proposed, nil for none.
func (a asker) ask(kind models.RemedyKind, finding models.FindingKind, n *int) views.Ask {
	if !telling.CanAsk(kind) {
		return views.Ask{}
	}
	ask := views.Ask{Kind: kind, Label: telling.AskLabel(kind, n)}
	for i := range a.requests {
		if r := &a.requests[i]; r.State == models.RequestOpen && r.Remedy.Kind == kind && r.Remedy.Finding == finding && len(r.Remedy.AuthTokens) == 0 {
			ask.Asked = &views.Asked{By: r.CreatedBy, At: ui.MomentOf(r.CreatedAt, a.now), URL: paths.Request(r.ID)}
			return ask
		}
	}
	if a.may && a.open(kind) {
		ask.URL = paths.AskFor(a.token.ID, string(kind), string(finding))
	}
	return ask
}

// open tells whether the state of the registration token lets a remedy be asked for.
func (a asker) open(kind models.RemedyKind) bool {
	edits := kind == models.RemedyRaise || kind == models.RemedyExtend || kind == models.RemedyEnable
	return a.token.DeletedAt == nil && a.token.ReplacedByID == nil && (!edits || a.now.Before(a.token.ExpiresAt))
}

// asks are what the state of a registration token allows to ask for: what who may
// act could do.
func (a asker) asks(t *seen.RegistrationToken) views.Asks {
	var kinds []models.RemedyKind
	could := actionsOn(t, true, a.now)
	if could.Edit {
		kinds = append(kinds, models.RemedyRaise, models.RemedyExtend)
	}
	if could.Enable {
		kinds = append(kinds, models.RemedyEnable)
	}
	if could.Replace {
		kinds = append(kinds, models.RemedyReplace)
	}
	asks := make(views.Asks, len(kinds))
	for i, kind := range kinds {
		asks[i] = a.ask(kind, "", nil)
	}
	return asks
}
