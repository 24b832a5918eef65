package handlers

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/models"
	"muster/views"
	"muster/views/ui"
)

// auditActor names who did it.
func auditActor(e *models.AuditEvent) string { return cmp.Or(e.ActorName, e.ActorID) }

// auditActionNames are the actions in words, for the choice of one.
var auditActionNames = map[models.AuditAction]string{
	models.AuditRegistrationTokenCreated:      "Registration token created",
	models.AuditRegistrationTokenUpdated:      "Registration token changed",
	models.AuditRegistrationTokenEnabled:      "Registration token enabled",
	models.AuditRegistrationTokenDisabled:     "Registration token disabled",
	models.AuditRegistrationTokenReplaced:     "Registration token replaced",
	models.AuditRegistrationTokenDeleted:      "Registration token deleted",
	models.AuditRegistrationTokenAdmissionSet: "Who may redeem changed",
	models.AuditRegistrationTokenLookedUp:     "Registration token looked up",
	models.AuditRedeemed:                      "Registration token redeemed",
	models.AuditCountReclaimed:                "Count given back",
	models.AuditAuthTokenUpdated:              "Auth token changed",
	models.AuditAuthTokenDeleted:              "Auth token deleted",
	models.AuditAuthTokenEnded:                "Auth token ended",
	models.AuditLogin:                         "Signed in",
	models.AuditLoginFailed:                   "Sign-in failed",
	models.AuditLogout:                        "Signed out",
	models.AuditAccessDenied:                  "Access refused",
	models.AuditPersonalDataLookedUp:          "Searched for a masked address",
	models.AuditPersonalDataShown:             "Addresses shown",
	models.AuditPersonalDataHidden:            "Addresses hidden again",
	models.AuditExported:                      "List exported",
	models.AuditAuthTokenLookedUp:             "Auth token looked up",
	models.AuditAPIKeyCreated:                 "API key created",
	models.AuditAPIKeyRevoked:                 "API key revoked",
	models.AuditSigningKeyCreated:             "Signing key made",
	models.AuditRefusedAttemptsPurged:         "Old refused attempts removed",
}

// auditSentence says what somebody did: words, the object between them, and
// words. A sentence without an object has after only.
func auditSentence(e *models.AuditEvent) (before, after string) {
	changed, plain := auditDetail(e.Detail)
	text := func(name string) string { return auditText(plain[name]) }
	switch e.Action {
	case models.AuditRegistrationTokenCreated:
		return createdSentence(plain)
	case models.AuditRegistrationTokenUpdated, models.AuditAuthTokenUpdated:
		return updatedSentence(changed)
	case models.AuditRegistrationTokenAdmissionSet:
		return "changed who may redeem", listEdit(plain)
	case models.AuditRegistrationTokenEnabled:
		return "enabled", ""
	case models.AuditRegistrationTokenDisabled:
		return "disabled", because(plain)
	case models.AuditRegistrationTokenReplaced:
		return "replaced", "; " + countText(plain["remainingCount"]) + " left went over to the successor"
	case models.AuditRegistrationTokenDeleted:
		if plain["authTokens"] == "delete" {
			return "deleted", " and its live auth tokens" + because(plain)
		}
		return "deleted", "; its auth tokens were kept" + because(plain)
	case models.AuditRegistrationTokenLookedUp:
		if plain["found"] == false {
			return "", "looked up a registration token that does not exist"
		}
		return "looked up", " by its secret"
	case models.AuditAuthTokenLookedUp:
		if plain["found"] == false {
			return "", "looked up an auth token that does not exist"
		}
		return "looked up the auth token of", " by its secret"
	case models.AuditRedeemed:
		return "redeemed", ""
	case models.AuditCountReclaimed:
		return "gave one count back to", because(plain)
	case models.AuditAuthTokenDeleted:
		return "deleted the auth token of", because(plain)
	case models.AuditAuthTokenEnded:
		return "ended the auth token of", ": " + endReason(text("reason"))
	case models.AuditPersonalDataShown:
		return "was shown " + addressesOf(e.ObjectKind), ""
	case models.AuditPersonalDataHidden:
		return "hid again " + addressesOf(e.ObjectKind), ""
	case models.AuditAPIKeyCreated:
		return "created the API key", ""
	case models.AuditAPIKeyRevoked:
		return "revoked the API key", ""
	case models.AuditSigningKeyCreated:
		return "made the signing key", ""
	default:
		return "", sessionSentence(e, plain)
	}
}

// addressesOf leads to the object whose e-mail and IP addresses are meant.
func addressesOf(kind string) string {
	const addresses = "the e-mail and IP addresses of the "
	switch kind {
	case objectRegistrationToken:
		return addresses + "registration token"
	case objectAuthToken:
		return addresses + "auth token of"
	default:
		return addresses + "refused attempt"
	}
}

// sessionSentence is auditSentence for what is not about one thing.
func sessionSentence(e *models.AuditEvent, plain map[string]any) string {
	switch e.Action {
	case models.AuditLogin:
		return "signed in as " + cmp.Or(strings.ToLower(roleName(models.Role(auditText(plain["role"])))), "end user")
	case models.AuditLoginFailed:
		return "tried to sign in, which did not work"
	case models.AuditLogout:
		return "signed out"
	case models.AuditAccessDenied:
		return deniedSentence(e.ObjectID, plain)
	case models.AuditPersonalDataLookedUp:
		return "searched for an e-mail or IP address in " + e.ObjectID
	case models.AuditExported:
		switch e.ObjectKind {
		case "registration_token":
			return "exported the list of registration tokens"
		case "auth_token":
			return "exported the list of auth tokens"
		default:
			return "exported the audit trail"
		}
	case models.AuditRefusedAttemptsPurged:
		return "removed " + countText(plain["number"]) + " refused attempts older than the retention time"
	default:
		return strings.ReplaceAll(strings.ReplaceAll(string(e.Action), "_", " "), ".", ": ")
	}
}

// deniedSentence says what somebody was refused: once, or the rest of a minute
// in which that happened again and again.
func deniedSentence(route string, plain map[string]any) string {
	text := "was refused " + route
	if routes, ok := plain["routes"].([]any); ok && len(routes) > 1 {
		text += " and " + ui.Plural(len(routes)-1, "other address", "other addresses")
	}
	switch more := countText(plain["more"]); more {
	case "":
		return text
	case "1":
		return text + " once more within a minute"
	default:
		return text + " " + more + " more times within a minute"
	}
}

// listEdit says how the list of the expected was edited; empty when it was not.
func listEdit(plain map[string]any) string {
	var words []string
	for _, f := range []struct{ name, word string }{{"added", "added"}, {"removed", "taken off"}} {
		if plain[f.name] != nil {
			words = append(words, countText(plain[f.name])+" "+f.word)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ": " + wordList(words)
}

func createdSentence(plain map[string]any) (before, after string) {
	if plain["count"] != nil {
		after = " with count " + countText(plain["count"])
	}
	if plain["replaces"] != nil {
		after += ", as a replacement"
	}
	return "created", after
}

// updatedSentence says everything of an edit of one field with short values,
// and names the fields of any other.
func updatedSentence(changed map[string]auditChange) (before, after string) {
	words := changedWords(changed)
	count, counted := changed["count"]
	switch {
	case len(words) == 0:
		return "changed", ""
	case counted && len(words) == 1:
		verb := map[bool]string{true: "raised", false: "lowered"}[number(count.to) > number(count.from)]
		return verb + " the count of", fmt.Sprintf(" from %s to %s", countText(count.from), countText(count.to))
	default:
		return "changed " + wordList(words) + " of", ""
	}
}

// changedWords are the changed fields in words, in the order of the forms.
func changedWords(changed map[string]auditChange) []string {
	var words []string
	known := map[string]bool{}
	for _, f := range auditFields {
		known[f.name] = true
		if _, ok := changed[f.name]; ok {
			words = append(words, "the "+f.word)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if !known[name] {
			words = append(words, name)
		}
	}
	return words
}

func wordList(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// auditDifferences are the changed fields, before and after.
func auditDifferences(changed map[string]auditChange, mask func(string) string) []views.Difference {
	labels := map[string]string{}
	var order []string
	for _, f := range auditFields {
		labels[f.name], order = f.label, append(order, f.name)
	}
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if labels[name] == "" {
			labels[name], order = name, append(order, name)
		}
	}
	var differences []views.Difference
	for _, name := range order {
		if change, ok := changed[name]; ok {
			differences = append(differences, views.Difference{
				Field: labels[name], From: mask(auditText(change.from)), To: mask(auditText(change.to)),
			})
		}
	}
	return differences
}

// auditFactNames are the plain fields of a detail in words.
var auditFactNames = map[string]string{
	"identifier": "Label", "count": "Count", "customer": "Customer", "expirationDate": "Expiry", "isEnabled": "Enabled",
	"refId1": "Reference 1", "refId2": "Reference 2", "note": "Note", "replaces": "Replaces", "replacedBy": "Replaced by",
	"added": "Added to the list", "removed": "Taken off the list", "expected": "On the list", "onlyExpected": "Only the expected",
	"signInRequired": "Sign-in required", "emailDomains": "E-mail domains", "networks": "Networks",
	"usedCount": "Used", "remainingCount": "Left", "authTokens": "Its auth tokens", "found": "Found",
	"authToken": "Auth token", "authTokenId": "Auth token", "registrationTokenId": "Registration token", "redemption": "Redemption", "channel": "Through",
	"reason": "Reason", "returnCount": "Count given back", "countReclaimed": "Count given back", "generation": "Generation",
	"name": "Name", "role": "Role", "scopes": "Scopes", "expiresAt": "Expiry", "algorithm": "Algorithm",
	"code": "Code", "number": "Number", "before": "Before", "more": "More within a minute", "routes": "Each",
	"filter": "Narrowed by", "masked": "Addresses masked", "until": "Until",
}

// auditFacts are the plain fields, then what was observed of the request.
func auditFacts(e *models.AuditEvent, plain map[string]any, mask func(string) string) []views.AuditFact {
	var facts []views.AuditFact
	for _, name := range slices.Sorted(maps.Keys(plain)) {
		if value := mask(auditText(plain[name])); value != "" {
			facts = append(facts, views.AuditFact{Label: cmp.Or(auditFactNames[name], name), Value: value})
		}
	}
	for _, f := range []views.AuditFact{
		{Label: "Object", Value: mask(e.ObjectID), Mono: true}, {Label: "Request id", Value: e.RequestID, Mono: true},
		{Label: "Event", Value: e.ID, Mono: true},
	} {
		if f.Value != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// countText shows a number with its digits grouped.
func countText(value any) string {
	if n, err := strconv.Atoi(auditText(value)); err == nil {
		return ui.Number(n)
	}
	return auditText(value)
}

// auditDay is a day of a period; empty when there is none.
func auditDay(day string) string {
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return t.Format("2 Jan 2006")
	}
	return ""
}
