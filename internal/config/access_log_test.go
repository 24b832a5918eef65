package config_test

import (
	"strings"
	"testing"

	"muster/internal/config"
)

func TestLoad_AccessLogIsOneOfItsWords(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"": "all", "all": "all", "errors": "errors", "off": "off"} {
		c, err := config.Load(config.Flags{Dev: true}, environment(t, map[string]string{"MUSTER_ACCESS_LOG": given}))
		if err != nil || c.AccessLog != want || setting(c, "MUSTER_ACCESS_LOG") != want {
			t.Errorf("%q became %q, %v", given, c.AccessLog, err)
		}
	}
	_, err := config.Load(config.Flags{Dev: true}, environment(t, map[string]string{"MUSTER_ACCESS_LOG": "debug"}))
	if err == nil || !strings.Contains(err.Error(), `MUSTER_ACCESS_LOG is "debug"; choose all, errors or off.`) {
		t.Errorf("it says %v", err)
	}
}
