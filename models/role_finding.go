package models

// RoleFinding is what a login found where the roles should be. The login provider is
// set up by people who are not here, so whoever gets no role is told what was found.
type RoleFinding string

// The findings; the empty one is of a session from before they were kept.
const (
	RoleFound           RoleFinding = "found"
	RoleClaimAbsent     RoleFinding = "absent"
	RoleClaimNull       RoleFinding = "null"
	RoleClaimOverage    RoleFinding = "overage"    // left out because it would be too long
	RoleClaimUnreadable RoleFinding = "unreadable" // neither text, list nor object
	RoleClaimEmpty      RoleFinding = "empty"
	RoleNotAmongValues  RoleFinding = "not_among_values"
)
