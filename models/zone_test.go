package models_test

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // what the binary has

	"muster/models"
)

func TestLoadZone_KnowsNamesAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, name := range append(models.Zones(), "Asia/Calcutta", "Etc/GMT+5", "Etc/UTC") {
		if zone, err := models.LoadZone(name); err != nil || zone.String() != name {
			t.Errorf("%s: %v, %v", name, zone, err)
		}
	}
	for _, name := range []string{"", "Local", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\n", "Europe//Berlin", "Europe/Berlin/", "Europe\\Berlin", strings.Repeat("A", 65), "+02:00"} {
		if zone, err := models.LoadZone(name); err == nil {
			t.Errorf("%q is the zone %v", name, zone)
		}
	}
}

func TestZones_BeginWithUTCAndHaveNoneTwice(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range models.Zones() {
		if seen[name] {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
	}
	if models.Zones()[0] != time.UTC.String() || len(seen) < 400 {
		t.Errorf("%d zones, %s first", len(seen), models.Zones()[0])
	}
}

func TestPreferences_HaveDefaultsAndFaults(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int]int{0: 50, 25: 25, 50: 50, 100: 100, 51: 50, -1: 50} {
		if got := (models.Preferences{Rows: rows}).PageSize(); got != want {
			t.Errorf("%d rows chosen: %d", rows, got)
		}
	}
	if faults := (models.Preferences{Zone: "Asia/Kolkata", Theme: models.ThemeDark, Rows: 25}).Faults(); faults != nil {
		t.Errorf("%v", faults)
	}
	if faults := (models.Preferences{Zone: "x", Theme: "x", Rows: 1}).Faults(); len(faults) != 3 {
		t.Errorf("%v", faults)
	}
	if faults := (models.Preferences{}).Faults(); faults != nil {
		t.Errorf("nothing chosen: %v", faults)
	}
}
