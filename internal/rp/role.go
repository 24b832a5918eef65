package rp

import (
	"slices"

	"muster/models"
)

// role maps the role claim of c. Only the configured values, compared exactly, give a
// role.
func (p *Provider) role(c claims) (models.Role, models.RoleFinding) {
	value, found := p.roleAt.In(c)
	values, readable := roleValues(value)
	has := func(wanted []string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(wanted, v) })
	}
	switch {
	case has(p.cfg.AdminRoles):
		return models.RoleAdmin, models.RoleFound
	case has(p.cfg.HelpdeskRoles):
		return models.RoleHelpdesk, models.RoleFound
	case p.overage(c):
		return models.RoleNone, models.RoleClaimOverage
	case !found:
		return models.RoleNone, models.RoleClaimAbsent
	case value == nil:
		return models.RoleNone, models.RoleClaimNull
	case !readable:
		return models.RoleNone, models.RoleClaimUnreadable
	case len(values) == 0:
		return models.RoleNone, models.RoleClaimEmpty
	default:
		return models.RoleNone, models.RoleNotAmongValues
	}
}

// roleValues reads the values of a role claim: a string is one value, an array has
// several, and an object is keyed by them (Zitadel). A key that says false or null is
// no role.
func roleValues(value any) (values []string, readable bool) {
	object, isObject := value.(map[string]any)
	if !isObject {
		return stringList(value)
	}
	for role, granted := range object {
		if _, scoped := granted.(map[string]any); scoped || granted == true {
			values = append(values, role)
		}
	}
	return values, true
}

// overage reports that the provider left the claim out because it would be too long,
// and said where to ask for it instead (OIDC Core 5.6.2; Entra ID with more than 200
// groups).
func (p *Provider) overage(c claims) bool {
	elsewhere, _ := c["_claim_names"].(map[string]any)
	_, found := p.roleAt.In(elsewhere)
	return found || c["hasgroups"] == true && p.roleAt.String() == "groups"
}

// known reports that the claim says who has which role, so that nobody else need be
// asked.
func known(f models.RoleFinding) bool {
	return f == models.RoleFound || f == models.RoleClaimEmpty || f == models.RoleNotAmongValues
}

// RoleClaim is where roles are looked for, as it is configured.
func (p *Provider) RoleClaim() string { return p.roleAt.String() }

// AsksFor reports whether logins ask for a scope.
func (p *Provider) AsksFor(scope string) bool { return slices.Contains(p.cfg.Scopes, scope) }

// tellingMore is the finding that says more about why there is no role.
func tellingMore(inIDToken, inUserInfo models.RoleFinding) models.RoleFinding {
	if inUserInfo == models.RoleClaimAbsent {
		return inIDToken
	}
	return inUserInfo
}
