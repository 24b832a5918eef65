package models

import "time"

// Refusal is why a redemption was turned away, in facts for whoever words it.
// It says no more than the caller may know: a deleted registration token is
// refused like one that never was (rule 12).
type Refusal struct {
	// Reason is one of [RefusalReasons]. It tells more cases apart than the code
	// of the [Error] it stands in.
	Reason Code
	// Rule is the rule that turned it away, for CodeIdentityNotAllowed.
	Rule AdmissionRule
	// At is when the registration token was disabled, was replaced or expired;
	// zero for other reasons.
	At time.Time
	// Count is how many times it could be redeemed, and LastRedeemedAt when
	// that was done last, for CodeRegistrationTokenExhausted; nil when never.
	Count          int
	LastRedeemedAt *time.Time
}

// RefusalReasons lists why a redemption can be turned away: the code of the
// refusal, but for CodeRegistrationTokenMistyped, which is answered as
// CodeRegistrationTokenInvalid, and CodeRegistrationTokenReplaced, which is
// answered as CodeRegistrationTokenDisabled.
var RefusalReasons = []Code{
	CodeRegistrationTokenInvalid, CodeRegistrationTokenMistyped, CodeInvalidRequest, CodeIdempotencyKeySpent,
	CodeRegistrationTokenDisabled, CodeRegistrationTokenReplaced, CodeRegistrationTokenExpired,
	CodeRegistrationTokenExhausted, CodeIdentityNotAllowed,
}
