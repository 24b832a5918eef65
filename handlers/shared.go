package handlers

import (
	"cmp"

	"muster/models"
	"muster/views/paths"
	"muster/views/telling"
)

// What the pages of the desk had, and pages that have not moved yet still use.

const sectionExpected = "expected"

func attemptURL(code string) string { return paths.Attempt(code) }

// authTokenTitle names an auth token by its person, else by its host.
func authTokenTitle(t *models.AuthToken) string {
	return cmp.Or(personOf(t.VerifiedIdentity, t.ClaimedIdentity).Name, t.FQDN, t.ID)
}

func endReason(reason string) string { return telling.EndReason(reason) }
