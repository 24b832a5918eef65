package replicas

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"muster/tokens"
)

const (
	registrationTokenID = "01kb8v0000000000000000000a"
	authTokenID         = "01kb8v0000000000000000000b"
)

func TestTexts_AreReadByOthersAsTheyWereTold(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3, mostTold} {
		told := map[tokens.Change]struct{}{{Kind: tokens.ChangeAPIKey}: {}}
		for i := len(told); i < n; i++ {
			told[tokens.Change{Kind: tokens.ChangeAuthTokenDeleted, RegistrationTokenID: registrationTokenID, AuthTokenID: fmt.Sprintf("%s%03d", authTokenID[:23], i)}] = struct{}{}
		}
		heard := map[tokens.Change]struct{}{}
		for _, text := range texts("one", told) {
			if len(text) > textSize {
				t.Errorf("a text of %d changes has %d bytes", n, len(text))
			}
			for _, change := range read("other", text) {
				heard[change] = struct{}{}
			}
			if own := read("one", text); own != nil {
				t.Errorf("who told hears %v", own)
			}
		}
		if !maps.Equal(told, heard) {
			t.Errorf("of %d changes, %d were heard", len(told), len(heard))
		}
	}
}

func TestTexts_TooManyAreMuch(t *testing.T) {
	t.Parallel()
	told := map[tokens.Change]struct{}{}
	for i := range mostTold + 1 {
		told[tokens.Change{Kind: tokens.ChangeAuthToken, AuthTokenID: fmt.Sprint(i)}] = struct{}{}
	}
	all := texts("one", told)
	if len(all) != 1 {
		t.Fatalf("%d texts", len(all))
	}
	wantsMuch(t, all[0])
}

// Whatever another release writes.
func TestRead_WhatCannotBeReadIsMuch(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", "x\n", "x\nkind", "x\nkind a", "x\nkind a b c", "x\n a b", "x\nkind a b\n", strings.Repeat("\n", 3), `{"version":2}`} {
		wantsMuch(t, text)
	}
}

func wantsMuch(t *testing.T, text string) {
	t.Helper()
	got := read("other", text)
	if len(got) != 1 || got[0] != (tokens.Change{Kind: tokens.ChangeMuch}) {
		t.Errorf("%.40q is read as %v", text, got)
	}
}
