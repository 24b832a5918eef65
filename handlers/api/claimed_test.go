package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"muster/models"
)

// A field that devices report is read, filtered by and answered under one name.
func TestClaimedFields_AreAllThereAre(t *testing.T) {
	t.Parallel()
	if n := reflect.TypeFor[models.ClaimedIdentity]().NumField(); len(models.ClaimedFields) != n {
		t.Errorf("%d fields are in the table, devices report %d", len(models.ClaimedFields), n)
	}
	var claimed models.ClaimedIdentity
	for _, field := range models.ClaimedFields {
		*field.Of(&claimed) = field.Name
	}
	text, err := json.Marshal(claimedJSONOf(&claimed))
	if err != nil {
		t.Fatal(err)
	}
	var answered map[string]string
	if err := json.Unmarshal(text, &answered); err != nil {
		t.Fatal(err)
	}
	for name, value := range answered {
		if name != value || !slices.Contains(claimedNames, name) {
			t.Errorf("%s is answered as %s", value, name)
		}
	}
	if len(answered) != len(models.ClaimedFields) {
		t.Errorf("answered: %s", text)
	}
}
