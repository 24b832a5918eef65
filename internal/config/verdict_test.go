package config_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/config"
	"muster/models"
)

func TestLoad_VerdictThresholds(t *testing.T) {
	t.Parallel()
	c, err := config.Load(config.Flags{Dev: true}, environment(t, nil))
	if err != nil || c.Verdict != models.DefaultVerdictRules() {
		t.Errorf("nothing set: %+v, %v", c.Verdict, err)
	}
	given := flags(t, "--dev", "--verdict-burst-devices=40")
	c, err = config.Load(given, environment(t, map[string]string{
		"MUSTER_VERDICT_RETRY_GAP": "90s", "MUSTER_VERDICT_RETRY_USES": "5", "MUSTER_VERDICT_BURST_DEVICES": "30",
	}))
	want := models.DefaultVerdictRules()
	want.RetryGap, want.RetryUses, want.BurstDevices = 90*time.Second, 5, 40
	if err != nil || c.Verdict != want {
		t.Errorf("%+v, %v", c.Verdict, err)
	}
	shown := map[string]string{}
	for _, s := range c.Settings() {
		shown[s.Variable] = s.Value
	}
	if shown["MUSTER_VERDICT_BURST_DEVICES"] != "40" || shown["MUSTER_VERDICT_RETRY_GAP"] != "1m30s" && shown["MUSTER_VERDICT_RETRY_GAP"] != "90s" {
		t.Errorf("shown as %q and %q", shown["MUSTER_VERDICT_BURST_DEVICES"], shown["MUSTER_VERDICT_RETRY_GAP"])
	}
}

// A rule that always or never holds is no rule.
func TestLoad_RefusesVerdictThresholds(t *testing.T) {
	t.Parallel()
	for variable, value := range map[string]string{
		"MUSTER_VERDICT_RETRY_GAP":      "0s",
		"MUSTER_VERDICT_RETRY_USES":     "1",
		"MUSTER_VERDICT_PERSON_DEVICES": "many",
		"MUSTER_VERDICT_USUAL_PERCENT":  "50",
		"MUSTER_VERDICT_USUAL_USES":     "-3",
		"MUSTER_VERDICT_BURST_WINDOW":   "8d",
		"MUSTER_VERDICT_BURST_DEVICES":  "501",
		"MUSTER_VERDICT_BURST_NETWORKS": "0",
	} {
		_, err := config.Load(config.Flags{Dev: true}, environment(t, map[string]string{variable: value}))
		if err == nil || !strings.Contains(err.Error(), variable+" is") {
			t.Errorf("%s=%s: %v", variable, value, err)
		}
	}
}
