package models_test

import (
	"reflect"
	"strings"
	"testing"

	"muster/models"
)

// Whatever a device reports is in the table, once and under names of its own.
func TestClaimedFields_AreAllOfTheClaimedIdentity(t *testing.T) {
	t.Parallel()
	var c models.ClaimedIdentity
	names, oauth, columns, pointers := map[string]bool{}, map[string]bool{"": false}, map[string]bool{}, map[*string]bool{}
	for _, f := range models.ClaimedFields {
		if names[f.Name] || oauth[f.OAuthName] || columns[f.Column] || pointers[f.Of(&c)] || f.MaxLength < 1 {
			t.Errorf("%+v stands twice, or without a length", f)
		}
		names[f.Name], oauth[f.OAuthName], columns[f.Column], pointers[f.Of(&c)] = true, f.OAuthName != "", true, true
	}
	if n := reflect.TypeFor[models.ClaimedIdentity]().NumField(); n != len(models.ClaimedFields) || n != len(pointers) {
		t.Errorf("%d fields, %d of them in the table", n, len(pointers))
	}
}

func TestClaimedIdentity_EachFieldHasItsLength(t *testing.T) {
	t.Parallel()
	for _, f := range models.ClaimedFields {
		c := models.ClaimedIdentity{SystemUserName: "ann"}
		*f.Of(&c) = strings.Repeat("ü", f.MaxLength)
		if bad := c.Check(); len(bad) > 0 {
			t.Errorf("%d characters: %+v", f.MaxLength, bad)
		}
		*f.Of(&c) += "ü"
		if bad := c.Check(); len(bad) != 1 || bad[0].Field != f.Name || bad[0].Rule != models.RuleTooLong {
			t.Errorf("one more than %d characters: %+v", f.MaxLength, bad)
		}
	}
	if bad := (models.ClaimedIdentity{MACAddress: "m"}).Check(); len(bad) != 1 || bad[0].Rule != models.RuleIdentityMissing {
		t.Errorf("neither user nor host: %+v", bad)
	}
}
