package models

import "time"

// SelectionChange is one change of several registration tokens: one of its first three
// fields is set.
type SelectionChange struct {
	// RaiseBy is added to each count.
	RaiseBy int
	// ExtendDays is how many days later each expires.
	ExtendDays int
	// ExpiresAt is when all of them expire; it makes none expire earlier.
	ExpiresAt *time.Time
	// IfVersion are the joint versions of all of them that the change may start from.
	IfVersion Versions
}

// LeftOut is why a registration token stays as it is when several are changed.
type LeftOut string

// The reasons.
const (
	LeftDeleted   LeftOut = "deleted"
	LeftReplaced  LeftOut = "replaced"
	LeftExpired   LeftOut = "expired"
	LeftLargest   LeftOut = "largest"    // its count would be above MaxCount
	LeftLongest   LeftOut = "longest"    // it would last longer than any may
	LeftNotBefore LeftOut = "not_before" // it expires no earlier already
	// The others are of changes that cannot be undone any more.
	LeftChanged LeftOut = "changed" // somebody changed it since
	LeftUsed    LeftOut = "used"    // more are used than its earlier count
	LeftPast    LeftOut = "past"    // its earlier expiry is over
	LeftUndone  LeftOut = "undone"  // it is as it was before already
)

// SelectionEdit says what became of several registration tokens.
type SelectionEdit struct {
	// IDs are those it was about, by id.
	IDs     []string
	Changed int
	Left    map[LeftOut]int
}

// RegistrationTokenEdit is a change of a row, with its audit event.
type RegistrationTokenEdit struct {
	Row    *RegistrationToken
	Change RegistrationTokenChange
	Event  AuditEvent
}

// Unchanged is its present settings, as a change that changes nothing.
func (t *RegistrationToken) Unchanged() RegistrationTokenChange {
	return RegistrationTokenChange{
		Identifier: t.Identifier, RefID1: t.RefID1, RefID2: t.RefID2, Note: t.Note,
		Count: t.Count, ExpiresAt: t.ExpiresAt.UTC(), Enabled: t.DisabledAt == nil,
	}
}

// After is what c makes of it at now, when an expiry is at most longest ahead, or
// why it stays as it is.
func (t *RegistrationToken) After(c SelectionChange, now time.Time, longest time.Duration) (RegistrationTokenChange, LeftOut) {
	to := t.Unchanged()
	switch {
	case t.DeletedAt != nil:
		return to, LeftDeleted
	case t.ReplacedByID != nil:
		return to, LeftReplaced
	case !now.Before(t.ExpiresAt):
		return to, LeftExpired
	}
	to.Count += c.RaiseBy
	to.ExpiresAt = to.ExpiresAt.AddDate(0, 0, c.ExtendDays)
	if c.ExpiresAt != nil {
		to.ExpiresAt = *c.ExpiresAt
	}
	switch {
	case to.Count > MaxCount:
		return to, LeftLargest
	case c.RaiseBy == 0 && !to.ExpiresAt.After(t.ExpiresAt):
		return to, LeftNotBefore
	case c.RaiseBy == 0 && to.ExpiresAt.After(now.Add(longest)):
		return to, LeftLongest
	}
	return to, ""
}
