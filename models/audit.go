package models

import "time"

// AuditAction names what happened, object.verb.
type AuditAction string

// The audited actions.
const (
	AuditRegistrationTokenCreated  AuditAction = "registration_token.created"
	AuditRegistrationTokenUpdated  AuditAction = "registration_token.updated"
	AuditRegistrationTokenEnabled  AuditAction = "registration_token.enabled"
	AuditRegistrationTokenDisabled AuditAction = "registration_token.disabled"
	AuditRegistrationTokenReplaced AuditAction = "registration_token.replaced"
	AuditRegistrationTokenDeleted  AuditAction = "registration_token.deleted"
	// AuditRegistrationTokenAdmissionSet is an edit of rules and list.
	AuditRegistrationTokenAdmissionSet AuditAction = "registration_token.admission_set"
	AuditRegistrationTokenLookedUp     AuditAction = "registration_token.looked_up"
	AuditPersonalDataLookedUp          AuditAction = "personal_data.looked_up"
	AuditPersonalDataShown             AuditAction = "personal_data.shown"
	AuditPersonalDataHidden            AuditAction = "personal_data.hidden"
	AuditRedeemed                      AuditAction = "registration_token.redeemed"
	AuditAuthTokenLookedUp             AuditAction = "auth_token.looked_up"
	AuditAuthTokenUpdated              AuditAction = "auth_token.updated"
	AuditAuthTokenDeleted              AuditAction = "auth_token.deleted"
	AuditAuthTokenEnded                AuditAction = "auth_token.ended"
	AuditCountReclaimed                AuditAction = "registration_token.count_reclaimed"
	AuditLogin                         AuditAction = "session.login"
	AuditLoginFailed                   AuditAction = "session.login_failed"
	AuditLogout                        AuditAction = "session.logout"
	AuditAccessDenied                  AuditAction = "session.access_denied"
	AuditAPIKeyCreated                 AuditAction = "api_key.created"
	AuditAPIKeyRevoked                 AuditAction = "api_key.revoked"
	AuditSigningKeyCreated             AuditAction = "signing_key.created"
	AuditRefusedAttemptsPurged         AuditAction = "refused_attempts.purged"
	AuditExported                      AuditAction = "audit.exported"
	AuditRequestCreated                AuditAction = "request.created"
	AuditRequestApproved               AuditAction = "request.approved"
	AuditRequestDeclined               AuditAction = "request.declined"
	AuditRequestWithdrawn              AuditAction = "request.withdrawn"
	AuditRequestLapsed                 AuditAction = "request.lapsed"
	AuditNoteAdded                     AuditAction = "note.added"
)

// AuditActions lists every audited action, grouped by kind of object.
var AuditActions = []AuditAction{
	AuditRegistrationTokenCreated, AuditRegistrationTokenUpdated, AuditRegistrationTokenEnabled,
	AuditRegistrationTokenDisabled, AuditRegistrationTokenReplaced, AuditRegistrationTokenDeleted,
	AuditRegistrationTokenAdmissionSet, AuditRegistrationTokenLookedUp, AuditRedeemed, AuditCountReclaimed,
	AuditAuthTokenLookedUp, AuditAuthTokenUpdated, AuditAuthTokenDeleted, AuditAuthTokenEnded,
	AuditRequestCreated, AuditRequestApproved, AuditRequestDeclined, AuditRequestWithdrawn, AuditRequestLapsed, AuditNoteAdded,
	AuditLogin, AuditLoginFailed, AuditLogout, AuditAccessDenied,
	AuditPersonalDataLookedUp, AuditPersonalDataShown, AuditPersonalDataHidden, AuditExported,
	AuditAPIKeyCreated, AuditAPIKeyRevoked, AuditSigningKeyCreated, AuditRefusedAttemptsPurged,
}

// AuditEvent is one row of the append-only trail, written in the same
// transaction as the change it records; that of a redemption is its row of the ledger,
// and has the id of the auth token. It never contains a secret.
type AuditEvent struct {
	ID         string `gorm:"primaryKey"`
	OccurredAt time.Time
	ActorKind  ActorKind
	ActorID    string
	ActorName  string
	Action     AuditAction
	ObjectKind string
	ObjectID   string
	IP         string
	RequestID  string
	// Detail is a JSON object; changes are {"field":{"from":…,"to":…}}.
	Detail string
}

// AuditFilter narrows a list of audit events; zero fields match all.
type AuditFilter struct {
	ObjectKind string
	ObjectID   string
	// ObjectIDs narrows to any of several; nil does not narrow.
	ObjectIDs []string
	ActorID   string
	// SameActorAs is the id of an event, and selects what its actor did. Package
	// seen resolves it, because the id of an actor may be personal data.
	SameActorAs string
	Action      AuditAction
	// Actions narrows to any of several.
	Actions []AuditAction
	// ActorKind narrows to people, API keys, devices or the system.
	ActorKind ActorKind
	// Actor matches a part of the actor's name, without regard to case.
	Actor string
	// Object matches a part of a registration token's identifier or of an
	// API key's name, without regard to case.
	Object string
	// Search matches a part of actor, object id, request id, IP address or
	// detail, and what Object matches.
	Search string
	// AsMasked is as in [AuthTokenFilter].
	AsMasked bool
	// From and Before bound the time: at or after From, before Before.
	From, Before *time.Time
}
