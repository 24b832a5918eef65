package telling_test

import (
	"strings"
	"testing"

	"muster/models"
	"muster/views/telling"
)

func TestMissingRole_SaysWhatWasFoundAndWhatToChange(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, f := range []models.RoleFinding{
		models.RoleClaimAbsent, models.RoleClaimNull, models.RoleClaimOverage, models.RoleClaimUnreadable, models.RoleClaimEmpty, models.RoleNotAmongValues,
	} {
		found, change := telling.MissingRole(f, "my.roles", false)
		if !strings.Contains(found, "“my.roles”") || change == "" || said[found] || said[change] {
			t.Errorf("%s: %q %q", f, found, change)
		}
		said[found], said[change] = true, true
	}
	for _, f := range []models.RoleFinding{models.RoleFound, ""} {
		if found, change := telling.MissingRole(f, "groups", false); found != "" || change != "" {
			t.Errorf("%q: %q %q", f, found, change)
		}
	}
}

func TestMissingRole_NamesTheScopeOnlyWhereItIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f     models.RoleFinding
		claim string
		asked bool
		named bool
	}{
		{models.RoleClaimAbsent, "groups", false, true}, {models.RoleClaimAbsent, "groups", true, false},
		{models.RoleClaimAbsent, "roles", false, false}, {models.RoleClaimEmpty, "groups", false, false},
	} {
		if _, change := telling.MissingRole(c.f, c.claim, c.asked); strings.Contains(change, "MUSTER_OIDC_SCOPES") != c.named {
			t.Errorf("%+v: %q", c, change)
		}
	}
}
