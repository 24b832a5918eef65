package telling

import "muster/models"

// roleClaimGroups is the claim that dex sends only for a scope of that name.
const roleClaimGroups = "groups"

// missingRole is what is said about one finding: the sentences follow "The claim “X”
// of your account, where roles are looked for,".
type missingRole struct{ found, change string }

var missingRoles = map[models.RoleFinding]missingRole{
	models.RoleClaimAbsent:     {"was not sent by the login provider.", "Have the login provider send it to Muster, or name the claim that has the roles in MUSTER_ROLE_CLAIM."},
	models.RoleClaimNull:       {"was sent by the login provider without a value (null).", "Give the account a group or role at the login provider, and have the claim filled with it."},
	models.RoleClaimOverage:    {"was left out by the login provider, because the account has too many groups for one token (Entra ID does so above 200).", "Have it send only the groups that are assigned to Muster, or send app roles and set MUSTER_ROLE_CLAIM to roles."},
	models.RoleClaimUnreadable: {"is neither a text, nor a list of texts, nor an object keyed by role.", "Have the login provider send one of these, or name another claim in MUSTER_ROLE_CLAIM."},
	models.RoleClaimEmpty:      {"is empty.", "Give the account a group or role at the login provider."},
	models.RoleNotAmongValues:  {"has no value that is listed in MUSTER_ADMIN_ROLES or MUSTER_HELPDESK_ROLES. They are compared exactly.", "Give the account one of the listed values, or add one that it has to the list."},
}

// MissingRole says what a login found where the roles should be, and what the people who
// run Muster and the login provider can change. Both are empty where nothing is missing.
// scopeAsked is whether logins ask for a scope with the name of the claim.
func MissingRole(f models.RoleFinding, claim string, scopeAsked bool) (found, change string) {
	said, missing := missingRoles[f]
	if !missing {
		return "", ""
	}
	if f == models.RoleClaimAbsent && claim == roleClaimGroups && !scopeAsked {
		said.change += " Some providers, such as dex, send it only to who asks: add groups to MUSTER_OIDC_SCOPES."
	}
	return "The claim “" + claim + "” of your account, where roles are looked for, " + said.found, said.change
}
