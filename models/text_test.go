package models_test

import (
	"testing"

	"muster/models"
)

func TestCheckText_WhatCannotBeSeenIsBlank(t *testing.T) {
	t.Parallel()
	for _, blank := range []string{
		" ", "\u00a0", "\u3000", "\u200b", "\u2060", "\ufeff", "\u2800", "\u3164", "\u115f", "\u1160", "\uffa0",
		"\u00ad", "\u034f", "\ufe0f", "\u180e", "\U000e0041", "\u200b \u2800\u200d",
	} {
		if bad := models.CheckText("name", blank, 10, false); bad == nil || bad.Field != "name" {
			t.Errorf("%q passes", blank)
		}
	}
	for _, seen := range []string{"", "a", "\u200ba", "می\u200cخواهم", "👩\u200d💻", "क्\u200dष", "⠿", "❤\ufe0f", "."} {
		if bad := models.CheckText("name", seen, 20, false); bad != nil {
			t.Errorf("%q: %s", seen, bad.Message)
		}
	}
}
