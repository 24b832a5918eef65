package config

import "cmp"

// Setting is one effective value as it is printed.
type Setting struct {
	Variable string
	Value    string
}

const masked = "[redacted]"

// Settings lists every effective value, the mode first. Secrets are masked; settings
// that --dev replaces are left out.
func (c *Config) Settings() []Setting {
	mode := "production"
	if c.Dev {
		mode = "development"
	}
	shown := []Setting{{"mode", mode}}
	for _, s := range settings(c) {
		if s.dev != devProvider || !c.Dev {
			shown = append(shown, Setting{s.variable, s.show()})
		}
	}
	return shown
}

// base is the base URL, as far as it is known before the port.
func (c *Config) base() string {
	if c.Dev {
		return "http://" + c.Listen
	}
	return c.BaseURL
}

func (c *Config) audience() string { return cmp.Or(c.TokenAudience, c.base()) }
