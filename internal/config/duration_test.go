package config_test

import (
	"testing"
	"time"

	"muster/internal/config"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"90d": 90 * day, "1d12h": 36 * time.Hour, "15m": 15 * time.Minute, "0d": 0, "1h30m": 90 * time.Minute, "2s": 2 * time.Second,
	} {
		got, err := config.ParseDuration(text)
		if err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "d", "-1d", "1.5d", "90", "1d-2h", "1d+2h", "-15m", "999999999d", "1d2d", "+1h"} {
		if got, err := config.ParseDuration(text); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", text, got)
		}
	}
}

func TestFormatDuration_ReadsBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"90d", "1d12h", "15m", "1h30m", "2s", "1m30s", "0s"} {
		d, err := config.ParseDuration(text)
		if err != nil || config.FormatDuration(d) != text {
			t.Errorf("FormatDuration(%v) = %q, want %q (%v)", d, config.FormatDuration(d), text, err)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	f.Add("90d")
	f.Add("1d12h3m")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := config.ParseDuration(text)
		if err != nil {
			return
		}
		if d < 0 {
			t.Fatalf("%q is negative: %v", text, d)
		}
		if again, err := config.ParseDuration(config.FormatDuration(d)); err != nil || again != d {
			t.Fatalf("%q: %v reads back as %v, %v", text, d, again, err)
		}
	})
}
