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
	if n := reflect.TypeFor[models.ClaimedIdentity]().NumField(); len(claimedFields) != n {
		t.Errorf("%d fields are in the table, devices report %d", len(claimedFields), n)
	}
	var claimed models.ClaimedIdentity
	var filter models.AuthTokenFilter
	for _, field := range claimedFields {
		*field.claimed(&claimed) = field.name
		*field.filter(&filter) = field.name
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
	if len(answered) != len(claimedFields) {
		t.Errorf("answered: %s", text)
	}
	if want := (models.AuthTokenFilter{
		SystemUserName: "systemUserName", FQDN: "fqdn", MACAddress: "macAddress", Identifier: "identifier", RefID1: "refId1", RefID2: "refId2",
	}); !reflect.DeepEqual(filter, want) {
		t.Errorf("filter: %+v", filter)
	}
	labels := models.AuthTokenLabels{}
	for _, field := range claimedFields {
		if field.label != nil {
			*field.label(&labels) = &field.name
		}
	}
	if labels.Identifier == nil || *labels.Identifier != "identifier" || labels.RefID1 == nil || *labels.RefID1 != "refId1" || labels.RefID2 == nil || *labels.RefID2 != "refId2" {
		t.Errorf("labels: %+v", labels)
	}
}
