package config

import "cmp"

// Setting is one effective value, fit to be printed.
type Setting struct {
	Variable string
	Value    string
}

const masked = "[redacted]"

// Settings lists every effective value, the mode first; secrets are masked,
// and what --dev has itself is left out.
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

// base is the base URL as far as it is known before the port is.
func (c *Config) base() string {
	if c.Dev {
		return "http://" + c.Listen
	}
	return c.BaseURL
}

func (c *Config) audience() string { return cmp.Or(c.TokenAudience, c.base()) }
