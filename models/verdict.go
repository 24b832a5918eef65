package models

import "time"

// FindingKind says what used the counts of a registration token, or what keeps it
// from being redeemed.
type FindingKind string

// The kinds. The first four block redemption whatever the count, and take no
// counts. Each use belongs to one of the next nine at most, else to
// FindingInOrder. The rest say what is needed, or will be soon.
const (
	FindingDeleted  FindingKind = "deleted"
	FindingReplaced FindingKind = "replaced"
	FindingDisabled FindingKind = "disabled"
	FindingExpired  FindingKind = "expired"

	FindingRetryLoop         FindingKind = "retry_loop"
	FindingAutomation        FindingKind = "automation"
	FindingBurst             FindingKind = "burst"
	FindingStrangers         FindingKind = "strangers"
	FindingSeveralPerDevice  FindingKind = "several_per_device"
	FindingNotGivenBack      FindingKind = "not_given_back"
	FindingUnusedSeats       FindingKind = "unused_seats"
	FindingSeveralPerPerson  FindingKind = "several_per_person"
	FindingIndistinguishable FindingKind = "indistinguishable"

	FindingTooSmall     FindingKind = "too_small"
	FindingExpiring     FindingKind = "expiring"
	FindingNearlyUsedUp FindingKind = "nearly_used_up"
	FindingInOrder      FindingKind = "in_order"
)

// FindingKinds lists every kind.
var FindingKinds = []FindingKind{
	FindingDeleted, FindingReplaced, FindingDisabled, FindingExpired,
	FindingRetryLoop, FindingAutomation, FindingBurst, FindingStrangers, FindingSeveralPerDevice,
	FindingNotGivenBack, FindingUnusedSeats, FindingSeveralPerPerson, FindingIndistinguishable,
	FindingTooSmall, FindingExpiring, FindingNearlyUsedUp, FindingInOrder,
}

// RemedyKind says what would mend a finding.
type RemedyKind string

// The kinds of remedy.
const (
	RemedyRaise         RemedyKind = "raise"
	RemedyGiveBack      RemedyKind = "give_back"      // delete what is unused, and return the counts
	RemedyDeleteSurplus RemedyKind = "delete_surplus" // all but one for each device, and return the counts
	RemedyDelete        RemedyKind = "delete"         // all of them, and return the counts
	RemedyReplace       RemedyKind = "replace"
	RemedyExtend        RemedyKind = "extend"
	RemedyEnable        RemedyKind = "enable"
	RemedyOwnToken      RemedyKind = "own_token" // a registration token of its own
	RemedyAsk           RemedyKind = "ask"       // somebody has to find out more
	RemedyNone          RemedyKind = "none"
)

// RemedyKinds lists every kind of remedy.
var RemedyKinds = []RemedyKind{
	RemedyRaise, RemedyGiveBack, RemedyDeleteSurplus, RemedyDelete, RemedyReplace,
	RemedyExtend, RemedyEnable, RemedyOwnToken, RemedyAsk, RemedyNone,
}

// Remedy is what would mend a finding.
type Remedy struct {
	Kind RemedyKind
	// Count is by how many to raise, or how many auth tokens it is about; nil
	// where a number has no meaning.
	Count *int
	// Finding is whose auth tokens are deleted or given back; empty for a remedy
	// that does neither.
	Finding FindingKind
	// ReturnCount tells whether the counts are returned with the deletion.
	ReturnCount bool
	// AuthTokens are the ids that are deleted or whose count is returned, in order.
	// Those beside RemedyOwnToken are no longer used by what gets its own.
	AuthTokens []string
	// Late is how many of these were deleted before, so that only their count is
	// returned.
	Late int
}

// Deletes tells whether the remedy deletes auth tokens or gives counts back.
func (r *Remedy) Deletes() bool { return r.Finding != "" }

// Finding is one cause with its evidence.
type Finding struct {
	Kind FindingKind
	// Counts is how many uses it accounts for. Of all findings of a verdict
	// together they are the used count.
	Counts int
	// People and Devices count who made them.
	People, Devices int
	// Names are up to [MaxFindingNames] of those it is about, as reported, whoever
	// took most first; never nil.
	Names []string
	// From and To bound its time; zero where time does not matter. To of
	// FindingNearlyUsedUp is when the last count goes at the present pace, zero
	// when too little happened to tell.
	From, To time.Time
	// Recent is how many of the uses are younger than [AttentionExpiry]; set for
	// FindingNearlyUsedUp.
	Recent int
	// Unused says why the counts of FindingUnusedSeats are not in use.
	Unused Unused
	// Usual is what most of the others have in common, a domain or a network;
	// empty when these are not on the expected list.
	Usual  string
	Remedy Remedy
}

// Unused counts auth tokens that hold a count and are not in use, by the first reason
// that holds: ended, not refreshed in time, never refreshed in their first day while
// most others were, or not seen for [LensSilence].
type Unused struct{ Ended, Lapsed, NeverRefreshed, Silent int }

// MaxFindingNames is how many a finding names.
const MaxFindingNames = 5

// AuthTokensOf are the auth tokens that the remedy of a finding acts on; empty, not
// nil, when it acts on none.
func (v *Verdict) AuthTokensOf(kind FindingKind) []string {
	ids := []string{}
	for i := range v.Findings {
		if f := &v.Findings[i]; f.Kind == kind {
			ids = append(ids, f.Remedy.AuthTokens...)
		}
	}
	return ids
}

// Waiting is somebody who was refused because the count was used up, and holds no
// live auth token of the registration token.
type Waiting struct {
	VerifiedIdentity
	ClaimedIdentity
	IP string
	// Nobody tells that no person is known: it is a device that waits.
	Nobody   bool
	Attempts int
	Last     time.Time
	// SupportCode is that of the last attempt, SupportCodes are those of all.
	SupportCode  string
	SupportCodes []string
}

// Holding is a live auth token that somebody held already when they were refused
// another one for the count.
type Holding struct {
	AuthTokenID string
	// SameDevice tells that the device holds it; otherwise the person does, on
	// another one.
	SameDevice bool
}

// Verdict says what used the counts of a registration token; there is always at
// least one finding.
type Verdict struct {
	// Findings are those of the state first, then those that took counts, the
	// largest first, then what is needed; FindingInOrder is last.
	Findings []Finding
	// Waiting is everybody who is still waiting, the longest first.
	Waiting []Waiting
	// Holding tells by support code who was refused but holds one already.
	Holding map[string]Holding
	// Uses is the used count. People and Devices count over those uses, those of
	// deleted auth tokens included.
	Uses, People, Devices int
	// UnusedSeats counts the auth tokens that hold a count and are not in use,
	// whichever finding names them.
	UnusedSeats int
	// Recent is how many of the uses are younger than [AttentionExpiry], and RunsOut
	// when the last count goes at their pace, zero when they are too few to tell or no
	// count is left. Both are set only while its state lets it be redeemed.
	Recent  int
	RunsOut time.Time
}

// VerdictRules are the thresholds of a verdict.
type VerdictRules struct {
	// RetryGap is the longest time between two retries of a device, RetryUses how
	// many uses make a loop.
	RetryGap  time.Duration
	RetryUses int
	// PersonDevices is how many devices of one person are more than usual where
	// most people have one; otherwise it takes more than twice the usual number.
	PersonDevices int
	// UsualPercent is the share of the uses that makes a domain or a network the
	// usual one, UsualUses their least number.
	UsualPercent, UsualUses int
	// A burst is at least BurstDevices devices from at least BurstNetworks
	// networks within BurstWindow.
	BurstWindow                 time.Duration
	BurstDevices, BurstNetworks int
}

// DefaultVerdictRules are meant for offices of ten to some thousand devices.
func DefaultVerdictRules() VerdictRules {
	return VerdictRules{
		RetryGap: 10 * time.Minute, RetryUses: 3, PersonDevices: 3, UsualPercent: 60, UsualUses: 5,
		BurstWindow: 10 * time.Minute, BurstDevices: 10, BurstNetworks: 5,
	}
}
