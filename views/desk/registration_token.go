package desk

import (
	"slices"
	"strings"
	"time"

	"muster/models"
	"muster/seen"
	"muster/views/layout"
	"muster/views/telling"
	"muster/views/ui"
)

// RegistrationTokenPage is the page of one registration token.
type RegistrationTokenPage struct {
	layout.Page
	Token    *seen.RegistrationToken
	Now      time.Time
	Customer string // empty while there is only one
	// Replaces and ReplacedBy link the chain of replacements; nil when there
	// is none.
	Replaces, ReplacedBy *layout.Link
	Actions              Actions
	// Asks are what those who may not act can ask for, and what was asked for.
	Asks     Asks
	Requests Requests
	Notes    Notes
	// Reasons explain the state, every one that holds; empty while it is
	// active. What the sentence of the verdict says already has no text.
	Reasons []telling.StatusReason
	// Verdict says what became of the counts, Pace how fast they go.
	Verdict Verdict
	Pace    string
	// BurnDown draws it; nil only in fixtures.
	BurnDown *BurnDown
	// Most is who took most.
	Most Most
	// URL is this page, its tab included.
	URL  string
	Tabs []ui.Tab
	// What the current tab shows: Uses, Refused, Expected with the Tester, or
	// when all are nil the Changes.
	Uses     *Uses
	Refused  *Refused
	Expected *Expected
	Tester   Tester
	Changes  []seen.AuditEvent
}

// expiryWord goes before the time of the expiry.
func (p RegistrationTokenPage) expiryWord() string {
	if p.Now.Before(p.Token.ExpiresAt) {
		return "Expires"
	}
	return "Expired"
}

// Actions are what this person may do with it in its present state.
type Actions struct{ Edit, Enable, Disable, Replace, Delete bool }

// mayAct tells whether this person may change the registration token at all.
func (a Actions) mayAct() bool { return a.Delete }

// The tabs: parameter section of the page, and part of the ids of elements.
const (
	SectionUses     = "uses"
	SectionRefused  = "refused"
	SectionExpected = "expected"
	SectionChanges  = "changes"
)

// Section is a tab that is paged and reloads itself.
type Section struct {
	Token *seen.RegistrationToken
	Now   time.Time
	// URL reloads this section at its current page; the answer may be the whole
	// page or the section alone.
	URL    string
	Paging ui.Paging
}

// Verdict says what became of the counts. Without findings there is nothing to
// say; Sentence sums up several. Waiting is how many were turned away and have
// nothing yet. Building means that all of it is still being put together.
type Verdict struct {
	Building bool
	Sentence string
	Findings []Finding
	Waiting  int
	// WaitingText says who they are: "2 people are still waiting".
	WaitingText string
}

// settled tells whether nobody waits, and nothing is proposed.
func (v Verdict) settled() bool {
	return !v.Building && v.Waiting == 0 && !slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Remedy.Action != "" || f.Remedy.Ask != "" })
}

// split parts the findings into those on the first screen, the first and the first
// with something to do, and the others.
func (v Verdict) split() (shown, more []Finding) {
	const most = 2
	if len(v.Findings) <= most {
		return v.Findings, nil
	}
	second := 1 + max(0, slices.IndexFunc(v.Findings[1:], Finding.hasAct))
	if v.Findings[0].hasAct() {
		second = 1
	}
	more = slices.Delete(slices.Clone(v.Findings[1:]), second-1, second)
	return []Finding{v.Findings[0], v.Findings[second]}, more
}

// hasAct tells whether there is something to press.
func (f Finding) hasAct() bool { return f.Remedy.Action != "" || f.Ask.URL != "" }

// titles name findings: "A retry loop, in order".
func titles(all []Finding) string {
	names := make([]string, len(all))
	for i := range all {
		names[i] = strings.ToLower(all[i].Title[:1]) + all[i].Title[1:]
	}
	return strings.Join(names, ", ")
}

// Finding is one explanation of what became of the counts, and where its evidence
// and its remedy are.
type Finding struct {
	telling.Finding
	// Calm means that nobody has to do anything.
	Calm bool
	// SeeURL is where its evidence is, URL where its remedy leads. With RaiseBy the
	// remedy is a form that raises the count, if that is still of this Version.
	SeeURL, URL string
	// GiveBack labels what else can be given back; empty for nothing.
	GiveBack, GiveBackURL string
	RaiseBy               int
	Version               string
	// Ask asks for the remedy.
	Ask Ask
}

// advice says what to know about the remedy, or whom to ask for it where no button
// does that.
func (f Finding) advice() string {
	switch {
	case f.Ask.Asked != nil && f.Remedy.Action == "":
		return ""
	case f.Ask.URL != "":
		return f.Remedy.Note
	}
	return f.Remedy.Ask
}

// reasonAsk is what can be asked for where the page says that a state holds.
func (p RegistrationTokenPage) reasonAsk(s models.Status) Ask {
	switch {
	case p.Token.DeletedAt != nil || p.Actions.mayAct():
	case s == models.StatusExhausted && p.Verdict.settled():
		return p.Asks.For(models.RemedyRaise)
	case s == models.StatusExpired:
		return p.Asks.For(models.RemedyReplace)
	case s == models.StatusDisabled && p.ReplacedBy == nil:
		return p.Asks.For(models.RemedyEnable)
	}
	return Ask{}
}

// asksElsewhere are those that the page does not offer where it says what is wrong.
func (p RegistrationTokenPage) asksElsewhere() Asks {
	offered := map[models.RemedyKind]bool{}
	for i := range p.Verdict.Findings {
		offered[p.Verdict.Findings[i].Ask.Kind] = true
	}
	for _, reason := range p.Reasons {
		offered[p.reasonAsk(reason.Status).Kind] = true
	}
	return slices.DeleteFunc(slices.Clone(p.Asks), func(a Ask) bool { return offered[a.Kind] })
}
