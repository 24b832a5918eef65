package models_test

import (
	"testing"

	"muster/models"
)

func TestRecipientOf_ReadsEveryLabelBack(t *testing.T) {
	t.Parallel()
	for label, want := range map[string]models.Recipient{
		"Ada Lovelace <ada@example.com>":      {Name: "Ada Lovelace", Email: "ada@example.com"},
		"grace@example.com":                   {Email: "grace@example.com"},
		"O'Brien, Pat <pat@example.com>":      {Name: "O'Brien, Pat", Email: "pat@example.com"},
		"Zoë":                                 {Name: "Zoë"},
		"Lab <3":                              {Name: "Lab <3"},
		"Rollout <north>":                     {Name: "Rollout <north>"},
		"Ask at help@example.com when needed": {Name: "Ask at help@example.com when needed"},
	} {
		got := models.RecipientOf(label)
		if got != want || got.Label() != label {
			t.Errorf("%q is %+v", label, got)
		}
	}
}
