package handlers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"muster/models"
	"muster/views"
	"muster/views/ui"
)

// verdictOf judges what became of the counts. It looks at the newest uses and
// refusals only, so that a million of them cost no more than some hundred.
func (h *adminHandler) verdictOf(ctx context.Context, t *models.RegistrationToken, now time.Time) (models.Verdict, error) {
	newest := models.PageRequest{Size: models.MaxPageSize}
	uses, err := h.store.TokenUses(ctx, t.ID, newest)
	if err != nil {
		return models.Verdict{}, err
	}
	refused, err := h.store.RefusedAttempts(ctx, models.RefusedAttemptFilter{RegistrationTokenID: t.ID}, newest)
	if err != nil {
		return models.Verdict{}, err
	}
	return h.config.Verdict.Judge(t, uses.Items, refused.Items, now), nil
}

// verdictNote says when there is more than was looked at.
func verdictNote(t *models.RegistrationToken) string {
	if t.RedemptionCount <= models.MaxPageSize {
		return ""
	}
	return "Judged by its newest " + ui.Number(models.MaxPageSize) + " uses of " + ui.Number(t.RedemptionCount) + "."
}

// verdictRows tells the findings in sentences. What the state says already is
// left to its own sentence.
func verdictRows(t *models.RegistrationToken, v models.Verdict, actor models.Actor) []views.VerdictRow {
	var rows []views.VerdictRow
	mask := masker(actor)
	for _, f := range v.Findings {
		shown := f
		shown.Name, shown.Usual = clipped(mask(f.Name)), mask(f.Usual)
		row := views.VerdictRow{Cause: f.Cause}
		if f.Surplus > 0 {
			row.Share = fmt.Sprintf("%s of %s uses", ui.Number(f.Surplus), ui.Number(v.Judged))
		}
		row.Title, row.Sentence = verdictSentence(shown, v, t)
		if row.Title == "" {
			continue
		}
		verdictAction(&row, f, v, t, actor)
		rows = append(rows, row)
	}
	return rows
}

// clipped keeps a name of any length inside a sentence.
func clipped(name string) string {
	const most = 60
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

func verdictSentence(f models.Finding, v models.Verdict, t *models.RegistrationToken) (title, sentence string) {
	switch f.Cause {
	case models.CauseRetryLoop:
		sentence = fmt.Sprintf("%s took %s within %s, one after the other.", plural(f.Devices, "device"), plural(f.Uses, "count"), lasting(f))
		if f.Devices == 1 {
			sentence = fmt.Sprintf("%s took %s within %s, one after the other.", f.Name, plural(f.Uses, "count"), lasting(f))
		}
		return "A retry loop", sentence + " Its client redeems again each time it starts."
	case models.CauseDuplicates:
		return "Duplicates", fmt.Sprintf("%s %s %s, %s more than one each; most of them %s.",
			holders(f), hold(f), plural(f.Uses, "live auth token"), ui.Number(f.Surplus), f.Name)
	case models.CauseStrangers:
		if f.Usual == "" {
			return "Strangers", fmt.Sprintf("%s on %s %s not on the list of the expected. The first was %s, on %s.",
				people(f.People), plural(f.Devices, "device"), are(f.People), f.Name, inSentence(f.From))
		}
		return "Strangers", fmt.Sprintf("%s on %s came from elsewhere; the others are of %s. The first was %s, on %s.",
			people(f.People), plural(f.Devices, "device"), f.Usual, f.Name, inSentence(f.From))
	case models.CauseBurst:
		return "A burst, as after a leak", fmt.Sprintf("%s from many networks redeemed it within %s, from %s on.",
			plural(f.Devices, "new device"), lasting(f), inSentence(f.From))
	case models.CauseTooSmall:
		return "Too small for its audience", fmt.Sprintf("%s on %s used it as meant, and %s still %s.",
			people(f.People), plural(f.Devices, "device"), plural(len(v.Waiting), "other"), wait(len(v.Waiting)))
	case models.CauseRunningOut:
		return "Nearly used up", runningOut(f, t)
	case models.CauseExpiring:
		return "Expires soon", fmt.Sprintf("It expires on %s with %s of %s unused.", inSentence(f.To), ui.Number(f.Uses), ui.Number(t.Count))
	case models.CauseUsedUp:
		return "Used up as meant", fmt.Sprintf("%s on %s took %s; nobody took more than is usual, and nobody waits.",
			people(f.People), plural(f.Devices, "device"), plural(f.Uses, "count"))
	case models.CauseInOrder:
		if f.Uses == 0 {
			return "", ""
		}
		return "In order", fmt.Sprintf("%s on %s took %s; nobody took more than is usual.",
			people(f.People), plural(f.Devices, "device"), plural(f.Uses, "count"))
	case models.CauseExpired, models.CauseDeleted, models.CauseDisabled, models.CauseReplaced:
		// The state's own sentence says when, by whom and what to do.
	}
	return "", ""
}

// runningOut forecasts the last count, where the pace of late says when.
func runningOut(f models.Finding, t *models.RegistrationToken) string {
	text := fmt.Sprintf("%s of %s left", ui.Number(f.Uses), plural(t.Count, "count"))
	switch {
	case f.To.IsZero():
		return text + "; nobody redeemed it of late."
	case f.To.Before(t.ExpiresAt):
		return text + "; at the pace of the last week the last one goes on " + f.To.Format("2 Jan 2006") + ", before it expires on " + t.ExpiresAt.Format("2 Jan 2006") + "."
	default:
		return text + "; at the pace of the last week they last until it expires on " + t.ExpiresAt.Format("2 Jan 2006") + "."
	}
}

func people(n int) string { return ui.Plural(n, "person", "people") }

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func wait(n int) string {
	if n == 1 {
		return "waits"
	}
	return "wait"
}

func hold(f models.Finding) string {
	if f.People+f.Devices == 1 {
		return "holds"
	}
	return "hold"
}

// holders says who holds several.
func holders(f models.Finding) string {
	switch {
	case f.People == 0:
		return plural(f.Devices, "device")
	case f.Devices == 0:
		return people(f.People)
	default:
		return plural(f.Devices, "device") + " and " + people(f.People)
	}
}

// lasting is how long a finding went on, in words.
func lasting(f models.Finding) string {
	return span(context.Background(), max(time.Minute, f.To.Sub(f.From)))
}

// verdictAction recommends one thing to do; helpdesk people, who change
// nothing, are told what to ask for.
func verdictAction(row *views.VerdictRow, f models.Finding, v models.Verdict, t *models.RegistrationToken, actor models.Actor) {
	mayAct := actor.Can(models.PermissionRegistrationTokenWrite) && t.DeletedAt == nil
	switch f.Cause {
	case models.CauseRetryLoop, models.CauseDuplicates:
		by, lens := narrowing{by: models.FacetDevice}, models.LensSurplus
		if f.Devices == 0 {
			by, lens = narrowing{by: models.FacetPerson}, models.LensSeveralOfPerson
		}
		row.Action, row.ActionURL = "See who took how many", usesURL(t.ID, by)
		if mayAct {
			row.Action, row.ActionURL = "Delete the surplus and give the counts back", liveAuthTokens(t.ID, lens, narrowing{})
		} else {
			row.Ask = "Ask an administrator to delete the surplus and give the counts back."
		}
	case models.CauseStrangers, models.CauseBurst:
		some := within(f.From, f.To)
		if f.Cause == models.CauseStrangers {
			some = narrowing{elsewhere: f.Usual}
			if masker(actor)(f.Usual) != f.Usual { // an address has no place in the link either
				some = narrowing{by: models.FacetNetwork}
			}
		}
		row.Action, row.ActionURL = "See their uses", usesURL(t.ID, some)
		if f.Cause == models.CauseStrangers && f.Usual == "" {
			row.Action, row.ActionURL = "See who was not expected", registrationTokenURL(t.ID)+"?section="+sectionExpected+"&show=unexpected"
		}
		if mayAct {
			row.Ask = "If they are not meant to have it: replace the registration token, then delete their auth tokens."
		} else {
			row.Ask = "Ask an administrator whether they are meant to have it."
		}
	case models.CauseTooSmall:
		row.Action, row.ActionURL = "See who waits", registrationTokenURL(t.ID)+"?section="+sectionRefused
		if !mayAct {
			row.Ask = "Ask an administrator to raise the count by " + ui.Number(len(v.Waiting)) + "."
		}
	case models.CauseRunningOut, models.CauseExpiring:
		what := "Raise the count"
		if f.Cause == models.CauseExpiring {
			what = "Move the expiry"
		}
		if mayAct {
			row.Action, row.ActionURL = what, registrationTokenURL(t.ID)+"/edit"
		} else {
			row.Ask = "If people still need it, ask an administrator to " + strings.ToLower(what[:1]) + what[1:] + "."
		}
	default:
	}
}

// waitingRows is the queue of those who were turned away.
func waitingRows(v models.Verdict, actor models.Actor, now time.Time) []views.WaitingRow {
	rows := make([]views.WaitingRow, 0, len(v.Waiting))
	for i := range v.Waiting {
		w := v.Waiting[i]
		if masksPersonalData(actor) {
			maskClaimed(&w.ClaimedIdentity)
			maskVerified(&w.VerifiedIdentity)
			w.IP = maskIP(w.IP)
		}
		rows = append(rows, views.WaitingRow{
			Person: personOf(w.VerifiedIdentity, w.ClaimedIdentity), Host: w.FQDN, IP: w.IP,
			Attempts: w.Attempts, Last: momentOf(w.Last, now), SupportCode: w.SupportCode,
		})
	}
	return rows
}
