package models

import (
	"errors"
	"time"
)

// Kind says what sort of failure an [Error] is; handlers derive the HTTP
// status from it, in one place.
type Kind string

// The kinds of failure.
const (
	KindInvalid         Kind = "invalid"         // the input breaks a rule
	KindUnauthenticated Kind = "unauthenticated" // no or wrong credential
	KindForbidden       Kind = "forbidden"       // known, but not allowed
	KindNotFound        Kind = "not_found"
	KindConflict        Kind = "conflict" // the state of the thing forbids it
	KindStale           Kind = "stale"    // it was changed since the caller read it
	KindGone            Kind = "gone"     // it was valid and is over
	KindRateLimited     Kind = "rate_limited"
	KindUnavailable     Kind = "unavailable" // try again later
	KindInternal        Kind = "internal"    // our own fault
)

// Code is a stable, documented string that scripts may compare.
type Code string

// The codes.
const (
	CodeInvalidRequest             Code = "invalid_request"
	CodeUnauthenticated            Code = "unauthenticated"
	CodeForbidden                  Code = "forbidden"
	CodeNotFound                   Code = "not_found"
	CodeConflict                   Code = "conflict"
	CodePreconditionFailed         Code = "precondition_failed"
	CodeRateLimited                Code = "rate_limited"
	CodeUnavailable                Code = "unavailable"
	CodeInternal                   Code = "internal_error"
	CodeRegistrationTokenInvalid   Code = "registration_token_invalid"
	CodeRegistrationTokenDisabled  Code = "registration_token_disabled"
	CodeRegistrationTokenExpired   Code = "registration_token_expired"
	CodeRegistrationTokenExhausted Code = "registration_token_exhausted"
	CodeRegistrationTokenDeleted   Code = "registration_token_deleted"
	CodeRegistrationTokenReplaced  Code = "registration_token_replaced"
	CodeIdentityNotAllowed         Code = "identity_not_allowed"
	CodeIdempotencyKeySpent        Code = "idempotency_key_spent"
	CodeAuthTokenDeleted           Code = "auth_token_deleted"
	CodeUnexpectedNumber           Code = "unexpected_number"
	CodeSeveralMatch               Code = "several_match"
	// CodeNumbersChanged is of a request whose number is not the one it was made on.
	CodeNumbersChanged      Code = "numbers_changed"
	CodeRequestDecided      Code = "request_decided"
	CodeRequestLapsed       Code = "request_lapsed"
	CodeRequestExists       Code = "request_exists"
	CodeRefreshTokenInvalid Code = "refresh_token_invalid"
	CodeRefreshTokenReused  Code = "refresh_token_reused"
	CodeSchemaOutdated      Code = "schema_outdated"
	// CodeRegistrationTokenMistyped is a reason of a [Refusal] only.
	CodeRegistrationTokenMistyped Code = "registration_token_mistyped"
)

// FieldError is one input that broke a rule. Field is the name the caller
// used (API name); Message is a full sentence for people.
type FieldError struct {
	Field   string
	Message string
	// Rule names what was broken, for pages in other languages; empty where no
	// such page can show it. Length and Limit, in characters, go with
	// RuleTooLong.
	Rule          Rule
	Length, Limit int
}

// Rule is a rule that a text of an end user can break.
type Rule string

// The rules of texts.
const (
	RuleIdentityMissing Rule = "identity_missing"
	RuleTokenMissing    Rule = "token_missing"
	RuleNotUTF8         Rule = "not_utf8"
	RuleTooLong         Rule = "too_long"
	RuleControl         Rule = "control"
	RuleBlank           Rule = "blank"
	RuleSecret          Rule = "secret"
	RuleKeyReused       Rule = "key_reused"
)

// Error is the only error type that carries meaning across packages. Message
// and NextStep are safe to show to the caller; the cause is for the log only.
type Error struct {
	Kind Kind
	Code Code
	// Message is empty where Refusal has the facts.
	Message string
	// NextStep says what to do next; empty when Message says it.
	NextStep string
	Fields   []FieldError
	// Refusal has the facts of a refused redemption; nil for any other error.
	Refusal *Refusal
	// SupportCode opens the recorded refused attempt for a helpdesk person.
	SupportCode string
	// RetryAfter is set for KindRateLimited and KindUnavailable.
	RetryAfter time.Duration
	cause      error
}

// Error implements error; the text is for logs.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Retryable reports whether the same request may succeed later unchanged.
func (e *Error) Retryable() bool {
	return e.Kind == KindRateLimited || e.Kind == KindUnavailable
}

// WithCause returns a copy of e that wraps cause.
func (e *Error) WithCause(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Invalid returns a KindInvalid error naming the fields that broke a rule.
func Invalid(fields ...FieldError) *Error {
	message := "The request breaks a rule."
	if len(fields) == 1 {
		message = fields[0].Message
	}
	return &Error{Kind: KindInvalid, Code: CodeInvalidRequest, Message: message, Fields: fields}
}

// InvalidField is [Invalid] for one field.
func InvalidField(field, message string) *Error {
	return Invalid(FieldError{Field: field, Message: message})
}

// NotFound returns a KindNotFound error; thing says what was looked for
// ("registration token").
func NotFound(thing string) *Error {
	return &Error{Kind: KindNotFound, Code: CodeNotFound, Message: "There is no such " + thing + "."}
}

// Conflict returns a KindConflict error.
func Conflict(code Code, message string) *Error {
	return &Error{Kind: KindConflict, Code: code, Message: message}
}

// Forbidden returns a KindForbidden error.
func Forbidden(message string) *Error {
	return &Error{Kind: KindForbidden, Code: CodeForbidden, Message: message}
}

// Unauthenticated returns a KindUnauthenticated error.
func Unauthenticated(message string) *Error {
	return &Error{Kind: KindUnauthenticated, Code: CodeUnauthenticated, Message: message}
}

// Unavailable returns a KindUnavailable error to be retried after about five
// seconds.
func Unavailable(cause error) *Error {
	return &Error{
		Kind: KindUnavailable, Code: CodeUnavailable,
		Message:    "Muster cannot answer this right now.",
		NextStep:   "Try again in a moment.",
		RetryAfter: 5 * time.Second, cause: cause,
	}
}

// ErrorKind returns the kind of err, KindInternal for anything untyped.
func ErrorKind(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}

// ErrorCode returns the code of err, CodeInternal for anything untyped.
func ErrorCode(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
