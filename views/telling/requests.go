package telling

import (
	"strings"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/ui"
	"muster/views/words"
)

// ask is all that is said about asking for one kind of remedy.
type ask struct {
	// title heads the form that asks for it.
	title string
	// label leads there; n is the number that is proposed, 0 where there is none.
	label func(n int) string
	// what is the request as a heading: "Raise the count by 12". n is its number, 0
	// where it has none; deleted is how many auth tokens that are not deleted yet are
	// among the n of a deletion.
	what func(r *models.RequestedRemedy, n, deleted int, now time.Time) string
	// done says what became of n once it was approved.
	done func(r *models.RequestedRemedy, n int, now time.Time) string
	// told is what the user is told while it is asked for.
	told string
}

const untilThen = " and will write to you; please do not try again until then."

// asking has every kind of remedy that can be asked for.
var asking = map[models.RemedyKind]ask{
	models.RemedyRaise: {
		title: "Ask for more counts",
		label: func(n int) string { return "Ask for " + some(n, "more count", "more counts") + "…" },
		what: func(_ *models.RequestedRemedy, n, _ int, _ time.Time) string {
			return "Raise the count by " + ui.Number(n)
		},
		done: func(_ *models.RequestedRemedy, n int, _ time.Time) string {
			return "The count was raised by " + ui.Number(n) + "."
		},
		told: "We have asked for more counts" + untilThen,
	},
	models.RemedyGiveBack: {
		title: "Ask to give counts back",
		label: func(n int) string { return "Ask to give " + some(n, "count", "counts") + " back…" },
		what: func(_ *models.RequestedRemedy, n, _ int, _ time.Time) string {
			return "Give " + plural(n, "count") + " back"
		},
		done: func(_ *models.RequestedRemedy, n int, _ time.Time) string {
			return plural(n, "count") + " " + agree(n, "was", "were") + " given back."
		},
		told: "We have asked for counts that nobody uses to be given back" + untilThen,
	},
	models.RemedyDeleteSurplus: {
		title: "Ask to delete surplus auth tokens",
		label: func(n int) string {
			return "Ask to delete " + some(n, "auth token", "auth tokens") + "…"
		},
		what: func(r *models.RequestedRemedy, n, deleted int, _ time.Time) string {
			return "Delete " + plural(deleted, "surplus auth token") + countsBack(r, n, deleted)
		},
		done: tellDeletion,
		told: "We have asked for counts that were taken more than once to be given back" + untilThen,
	},
	models.RemedyDelete: {
		title: "Ask to delete auth tokens",
		label: func(n int) string { return "Ask to delete " + some(n, "auth token", "auth tokens") + "…" },
		what: func(r *models.RequestedRemedy, n, deleted int, _ time.Time) string {
			return "Delete " + plural(deleted, "auth token") + countsBack(r, n, deleted)
		},
		done: tellDeletion,
		told: "We have asked for counts to be given back" + untilThen,
	},
	models.RemedyReplace: {
		title: "Ask for a successor", label: always("Ask for a successor…"),
		what: func(_ *models.RequestedRemedy, n, _ int, _ time.Time) string {
			return "Create a successor with " + plural(n, "count")
		},
		done: func(_ *models.RequestedRemedy, n int, _ time.Time) string {
			return "It was replaced by a successor with " + plural(n, "count") + "."
		},
		told: "We have asked for a new one in its place and will send it to you.",
	},
	models.RemedyExtend: {
		title: "Ask to move the expiry", label: always("Ask to move the expiry…"),
		what: func(r *models.RequestedRemedy, _, _ int, now time.Time) string {
			return "Move the expiry" + toExpiry(r, now)
		},
		done: func(r *models.RequestedRemedy, _ int, now time.Time) string {
			return "The expiry was moved" + toExpiry(r, now) + "."
		},
	},
	models.RemedyEnable: {
		title: "Ask to enable it", label: always("Ask to enable it…"),
		what: func(*models.RequestedRemedy, int, int, time.Time) string { return "Enable it" },
		done: func(*models.RequestedRemedy, int, time.Time) string { return "It is enabled again." },
		told: "We have asked for it to be enabled again" + untilThen,
	},
}

func always(label string) func(int) string { return func(int) string { return label } }

// some is n of something, or the plural alone where there is no number.
func some(n int, one, many string) string {
	if n == 0 {
		return many
	}
	return ui.Plural(n, one, many)
}

// countsBack ends the words for a deletion that gives n counts back: those of what was
// deleted before among them.
func countsBack(r *models.RequestedRemedy, n, deleted int) string {
	switch {
	case !r.ReturnCount:
		return ""
	case n == deleted:
		return " and give the " + agree(n, "count", "counts") + " back"
	}
	return " and give " + plural(n, "count") + " back"
}

// tellDeletion says how n auth tokens stand after a deletion, which some of them had
// behind them.
func tellDeletion(r *models.RequestedRemedy, n int, _ time.Time) string {
	text := plural(n, "auth token") + " " + agree(n, "is", "are") + " deleted"
	if r.ReturnCount {
		text += ", and the " + agree(n, "count was", "counts were") + " given back"
	}
	return text + "."
}

// deletedAndBack says what a deletion did.
func deletedAndBack(d *models.AuthTokenDeletionResult) string {
	text := plural(d.Deleted, "auth token") + " " + agree(d.Deleted, "was", "were") + " deleted"
	switch d.Reclaimed {
	case 0:
		return text
	case d.Deleted:
		return text + ", and the " + agree(d.Reclaimed, "count was", "counts were") + " given back"
	}
	return text + ", and " + plural(d.Reclaimed, "count") + " " + agree(d.Reclaimed, "was", "were") + " given back"
}

func toExpiry(r *models.RequestedRemedy, now time.Time) string {
	if r.ExpiresAt == nil {
		return ""
	}
	return " to " + words.InSentence(*r.ExpiresAt, now)
}

// CanAsk tells whether there is a request for that kind of remedy.
func CanAsk(kind models.RemedyKind) bool { return asking[kind].title != "" }

// AskTitle heads the form that asks for a kind of remedy, and AskLabel leads to it.
func AskTitle(kind models.RemedyKind) string { return asking[kind].title }

// AskLabel is the label of what leads to the form that asks for a kind of remedy; n
// is the number that is proposed, nil where there is none.
func AskLabel(kind models.RemedyKind, n *int) string {
	if n == nil {
		n = new(int)
	}
	return asking[kind].label(*n)
}

// Requested is what a request asks for, as a heading: "Raise the count by 12".
func Requested(r *seen.Request, now time.Time) string {
	late := 0
	if r.Remedy.Deletes() && r.ProposedBefore != nil {
		late = numberOf(&r.Remedy) - *r.ProposedBefore
	}
	return Proposed(&r.Remedy, late, now)
}

// Proposed is [Requested] of what is not asked for yet; late is how many auth tokens of
// a deletion are deleted already, so that only their count is given back.
func Proposed(r *models.RequestedRemedy, late int, now time.Time) string {
	entry, ok := asking[r.Kind]
	if !ok {
		return string(r.Kind)
	}
	return entry.what(r, numberOf(r), numberOf(r)-late, now)
}

// ApproveLabel is the label of what approves a request; d is what it would delete and
// give back now, nil where it does neither or that is not known.
func ApproveLabel(r *models.RequestedRemedy, d *models.AuthTokenDeletionResult) string {
	switch {
	case d == nil:
		return "Approve"
	case r.Kind == models.RemedyGiveBack || d.Deleted == 0:
		return "Approve and give " + plural(d.Reclaimed, "count") + " back"
	case d.Late > 0:
		return "Approve, delete " + plural(d.Deleted, "auth token") + " and give " + plural(d.Reclaimed, "count") + " back"
	}
	return "Approve and delete " + plural(d.Deleted, "auth token")
}

// AsksTo follows the name of who asks: " asks to raise the count by 12".
func AsksTo(r *seen.Request, now time.Time) string {
	return " asks to " + lowerFirst(Requested(r, now))
}

// Approved says what approving a request did with n, its number; nil for none. d is
// what was deleted and given back, nil where it did neither or that is not known.
func Approved(r *models.RequestedRemedy, n *int, d *models.AuthTokenDeletionResult, now time.Time) string {
	entry, ok := asking[r.Kind]
	switch {
	case !ok:
		return "Approved."
	case d != nil && d.Deleted > 0 && r.Kind != models.RemedyGiveBack:
		return "Approved. " + deletedAndBack(d) + "."
	case n == nil:
		n = new(numberOf(r))
	}
	return "Approved. " + entry.done(r, *n, now)
}

func numberOf(r *models.RequestedRemedy) int {
	if r.Count == nil {
		return 0
	}
	return *r.Count
}

// RequestStanding says how far a request has come: who decided it, or how long it
// still waits, told to somebody who may decide it, or may not.
func RequestStanding(r *seen.Request, mayDecide bool, now time.Time) string {
	switch r.State {
	case models.RequestApproved:
		done, _ := strings.CutPrefix(Approved(&r.Remedy, r.DecidedCount, nil, now), "Approved.")
		return "Approved" + decided(r, now) + done
	case models.RequestDeclined:
		return "Declined" + decided(r, now)
	case models.RequestWithdrawn:
		return "Withdrawn" + decided(r, now)
	case models.RequestLapsed:
		return "It lapsed: nobody decided in time, or there was nothing left to do."
	default:
		waits := "It waits for an administrator"
		if mayDecide {
			waits = "It waits for your decision"
		}
		return waits + " and lapses " + ui.MomentOf(r.CreatedAt.Add(models.RequestLife), now).Relative + "."
	}
}

func decided(r *seen.Request, now time.Time) string {
	text := byWhom(r.DecidedBy)
	if r.DecidedAt != nil {
		text += " on " + words.InSentence(*r.DecidedAt, now)
	}
	return text + "."
}

// Effect is what approving a request about t would do now, with its number n; empty
// where the deletion that it is says so.
func Effect(r *models.RequestedRemedy, t *seen.RegistrationToken, n int, now time.Time) string {
	switch {
	case r.Kind == models.RemedyRaise:
		return "The count goes from " + ui.Number(t.Count) + " to " + ui.Number(t.Count+n) + "."
	case r.Kind == models.RemedyReplace:
		return "This one is disabled. Its successor has " + plural(n, "count") + " and the same settings, expires in 30 days, and shows its secret to you, once."
	case r.Kind == models.RemedyExtend && r.ExpiresAt != nil:
		return "It expires on " + words.InSentence(*r.ExpiresAt, now) + " instead of " + words.InSentence(t.ExpiresAt, now) + "."
	case r.Kind == models.RemedyEnable:
		return "It can be redeemed again."
	}
	return ""
}

// DeletionEffect is what a deletion would do now.
func DeletionEffect(d *models.AuthTokenDeletionResult) string {
	whose := people(d.People)
	if d.People == 0 {
		whose = plural(d.Devices, "device")
	}
	back := agree(d.Reclaimed, "goes", "go") + " back"
	switch deleted := plural(d.Deleted, "auth token"); {
	case d.Acted() == 0:
		return "Nothing is left to do."
	case d.Deleted == 0:
		return plural(d.Reclaimed, "count") + " " + back + ". What was deleted stays deleted."
	case d.Late > 0: // the people are those of all of them
		return deleted + " " + agree(d.Deleted, "is", "are") + " deleted, and " + plural(d.Reclaimed, "count") + " of " + whose + " " + back + ". " + undone
	case d.Reclaimed > 0:
		return deleted + " of " + whose + " " + agree(d.Deleted, "is", "are") + " deleted, and " + plural(d.Reclaimed, "count") + " " + back + ". " + undone
	default:
		return deleted + " of " + whose + " " + agree(d.Deleted, "is", "are") + " deleted. " + undone
	}
}

const undone = "This cannot be undone."

// NumbersChanged says which numbers are others than when a request about t was made;
// n is the one of now.
func NumbersChanged(r *seen.Request, t *seen.RegistrationToken, n int) string {
	var texts []string
	if r.Remedy.Kind == models.RemedyRaise && r.CountBefore != t.Count {
		texts = append(texts, "The count was "+ui.Number(r.CountBefore)+" when this was asked for, and is "+ui.Number(t.Count)+" now.")
	}
	switch asked := numberOf(&r.Remedy); {
	case asked == n && r.Remedy.Deletes():
		texts = append(texts, "Some of the auth tokens were deleted since this was asked for, and their counts were kept.")
	case asked != n:
		texts = append(texts, ui.Number(asked)+" "+agree(asked, "was", "were")+" asked for; by the present numbers it would be "+ui.Number(n)+".")
	}
	return strings.Join(texts, " ")
}

// NumbersChangedStop says that an approval stopped for that.
const NumbersChangedStop = "Nothing was changed: the numbers are others than when this was asked for."

// PassOn says who waits for the secret of a successor that was asked for.
func PassOn(r *seen.Request) string {
	return "Approved. Pass the secret on to " + r.CreatedBy + ", who asked for it and cannot see it."
}
