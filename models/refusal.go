package models

import "time"

// Refusal has the facts about a refused redemption; package views/telling puts
// them into words. It says no more than the caller may know: a deleted
// registration token is refused like one that never existed (rule 12).
type Refusal struct {
	// Reason is one of [RefusalReasons]. It is more specific than the code of the
	// [Error] it belongs to.
	Reason Code
	// Rule is the rule that refused it, for CodeIdentityNotAllowed.
	Rule AdmissionRule
	// At is when the registration token was disabled, was replaced or expired;
	// zero for other reasons.
	At time.Time
	// Count is how many times it could be redeemed, LastRedeemedAt when it last
	// was, for CodeRegistrationTokenExhausted; nil when never.
	Count          int
	LastRedeemedAt *time.Time
}

// RefusalReasons lists why a redemption can be refused. Each is also the code of
// the answer, except CodeRegistrationTokenMistyped, which is answered as
// CodeRegistrationTokenInvalid, and CodeRegistrationTokenReplaced, which is
// answered as CodeRegistrationTokenDisabled.
var RefusalReasons = []Code{
	CodeRegistrationTokenInvalid, CodeRegistrationTokenMistyped, CodeInvalidRequest, CodeIdempotencyKeySpent,
	CodeRegistrationTokenDisabled, CodeRegistrationTokenReplaced, CodeRegistrationTokenExpired,
	CodeRegistrationTokenExhausted, CodeIdentityNotAllowed,
}
