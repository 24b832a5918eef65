package models

import "slices"

// Permission is one thing an actor may do; code asks for a permission, never
// for a role.
type Permission string

// The permissions.
const (
	// PermissionPublic marks a route that everybody may call.
	PermissionPublic Permission = "public"
	// PermissionSession marks a page that needs a signed-in person of any
	// role, or none.
	PermissionSession Permission = "session"

	PermissionRegistrationTokenRead  Permission = "registration-token:read"
	PermissionRegistrationTokenWrite Permission = "registration-token:write"
	PermissionAuthTokenRead          Permission = "auth-token:read"
	PermissionAuthTokenWrite         Permission = "auth-token:write"
	PermissionPersonalDataRead       Permission = "personal-data:read" // unmasked e-mail and IP
	// PermissionPersonalDataUnmask is to see them of one object, for a limited
	// time; its use is recorded. Not needed by those who always see them.
	PermissionPersonalDataUnmask Permission = "personal-data:unmask"

	PermissionRequestRead Permission = "request:read"
	// PermissionRequestWrite is to ask, to withdraw what one asked for, and to write
	// notes; PermissionRequestDecide is to approve and decline.
	PermissionRequestWrite  Permission = "request:write"
	PermissionRequestDecide Permission = "request:decide"

	PermissionAuditRead    Permission = "audit:read"
	PermissionAPIKeyManage Permission = "api-key:manage"
	PermissionIntrospect   Permission = "introspect"
)

// Role is given by the login provider or an API key.
type Role string

// The roles. RoleNone is a signed-in person without a role here: an end user.
const (
	RoleAdmin    Role = "admin"
	RoleHelpdesk Role = "helpdesk"
	RoleNone     Role = ""
)

var rolePermissions = map[Role][]Permission{
	RoleAdmin: {
		PermissionSession,
		PermissionRegistrationTokenRead, PermissionRegistrationTokenWrite,
		PermissionAuthTokenRead, PermissionAuthTokenWrite,
		PermissionRequestRead, PermissionRequestWrite, PermissionRequestDecide,
		PermissionPersonalDataRead, PermissionAuditRead, PermissionAPIKeyManage, PermissionIntrospect,
	},
	RoleHelpdesk: {
		PermissionSession, PermissionRegistrationTokenRead, PermissionAuthTokenRead, PermissionAuditRead, PermissionPersonalDataUnmask,
		PermissionRequestRead, PermissionRequestWrite,
	},
	RoleNone: {PermissionSession},
}

// Permissions returns what the role may do.
func (r Role) Permissions() []Permission { return slices.Clone(rolePermissions[r]) }

// Scope is a permission an API key can be given.
type Scope string

// The scopes of an API key (rule 17).
const (
	ScopeRegistrationTokensRead  Scope = "registration-tokens:read"
	ScopeRegistrationTokensWrite Scope = "registration-tokens:write"
	ScopeAuthTokensRead          Scope = "auth-tokens:read"
	ScopeAuthTokensWrite         Scope = "auth-tokens:write"
	ScopeRequestsRead            Scope = "requests:read"
	ScopeRequestsWrite           Scope = "requests:write"
	ScopeIntrospect              Scope = "introspect"
)

// Scopes lists every scope.
var Scopes = []Scope{
	ScopeRegistrationTokensRead, ScopeRegistrationTokensWrite,
	ScopeAuthTokensRead, ScopeAuthTokensWrite, ScopeRequestsRead, ScopeRequestsWrite, ScopeIntrospect,
}

// A write scope includes reading: whoever changes a thing is answered with it.
var scopePermissions = map[Scope][]Permission{
	ScopeRegistrationTokensRead:  {PermissionRegistrationTokenRead},
	ScopeRegistrationTokensWrite: {PermissionRegistrationTokenRead, PermissionRegistrationTokenWrite},
	ScopeAuthTokensRead:          {PermissionAuthTokenRead, PermissionPersonalDataRead},
	ScopeAuthTokensWrite:         {PermissionAuthTokenRead, PermissionAuthTokenWrite, PermissionPersonalDataRead},
	ScopeRequestsRead:            {PermissionRequestRead},
	ScopeRequestsWrite:           {PermissionRequestRead, PermissionRequestWrite},
	ScopeIntrospect:              {PermissionIntrospect},
}

// ActorKind says what sort of caller an [Actor] is.
type ActorKind string

// The kinds of actor.
const (
	ActorPerson ActorKind = "person"
	ActorAPIKey ActorKind = "api_key"
	ActorDevice ActorKind = "device" // redeems, refreshes, revokes
	ActorSystem ActorKind = "system" // commands, clean-up
)

// Actor performs an operation. It is an explicit parameter after ctx.
type Actor struct {
	Kind ActorKind
	// ID is "issuer subject" of a person, the public id of an API key.
	ID string
	// Name is shown in lists and the audit trail.
	Name        string
	Role        Role
	Permissions []Permission
	Origin      Origin
}

// Can reports whether the actor has the permission.
func (a Actor) Can(p Permission) bool {
	return p == PermissionPublic || slices.Contains(a.Permissions, p)
}

// Require returns a KindForbidden error unless the actor has the permission.
func (a Actor) Require(p Permission) error {
	if a.Can(p) {
		return nil
	}
	return Forbidden("This needs the permission " + string(p) + ", which you do not have.")
}
