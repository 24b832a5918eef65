package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"muster/models"
	"muster/views"
)

// changesShown bounds the changes of a page; nothing changes that often.
const changesShown = 100

// The actions that change a registration token or an auth token. Redemptions
// are left out: they have a list of their own.
var (
	registrationTokenActions = []models.AuditAction{
		models.AuditRegistrationTokenCreated, models.AuditRegistrationTokenUpdated,
		models.AuditRegistrationTokenEnabled, models.AuditRegistrationTokenDisabled,
		models.AuditRegistrationTokenReplaced, models.AuditRegistrationTokenDeleted,
		models.AuditRegistrationTokenAdmissionSet, models.AuditCountReclaimed,
	}
	authTokenActions = []models.AuditAction{
		models.AuditAuthTokenUpdated, models.AuditAuthTokenDeleted, models.AuditAuthTokenEnded,
	}
)

// registrationTokenEvents reads what was changed, newest first.
func (h *adminHandler) registrationTokenEvents(ctx context.Context, id string) ([]models.AuditEvent, error) {
	return h.trail(ctx, "registration_token", id, registrationTokenActions)
}

func (h *adminHandler) authTokenChanges(ctx context.Context, id string, mask func(string) string, now time.Time) ([]views.ChangeRow, error) {
	events, err := h.trail(ctx, "auth_token", id, authTokenActions)
	return changeRows(events, mask, now), err
}

// trail reads the audit trail of one object, newest first.
func (h *adminHandler) trail(ctx context.Context, kind, id string, actions []models.AuditAction) ([]models.AuditEvent, error) {
	filter := models.AuditFilter{ObjectKind: kind, ObjectID: id, Actions: actions}
	found, err := h.store.AuditEvents(ctx, filter, models.PageRequest{Size: changesShown})
	return found.Items, err
}

func changeRows(events []models.AuditEvent, mask func(string) string, now time.Time) []views.ChangeRow {
	rows := make([]views.ChangeRow, 0, len(events))
	for i := range events {
		rows = append(rows, changeRow(&events[i], mask, now))
	}
	return rows
}

// auditChange is one field in the detail of an event: what changed, or, when
// it is no object with from and to, the plain value.
type auditChange struct{ from, to any }

// auditDetail reads the detail of an event, fields in the order of the forms.
func auditDetail(detail string) (changed map[string]auditChange, plain map[string]any) {
	changed, plain = map[string]auditChange{}, map[string]any{}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(detail), &fields) != nil {
		return changed, plain
	}
	for name, raw := range fields {
		var change struct {
			From *json.RawMessage `json:"from"`
			To   *json.RawMessage `json:"to"`
		}
		if json.Unmarshal(raw, &change) == nil && change.From != nil && change.To != nil {
			changed[name] = auditChange{auditValue(*change.From), auditValue(*change.To)}
			continue
		}
		plain[name] = auditValue(raw)
	}
	return changed, plain
}

func auditValue(raw json.RawMessage) any {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// auditFields are the fields of changes in the order and words of the forms.
var auditFields = []struct{ name, label, word string }{
	{"identifier", "Label", "label"},
	{"count", "Count", "count"},
	{"expirationDate", "Expiry", "expiry"},
	{"isEnabled", "Enabled", "state"},
	{"note", "Note", "note"},
	{"refId1", "Reference 1", "reference 1"},
	{"refId2", "Reference 2", "reference 2"},
	{"onlyExpected", "Only the expected", "rule on the expected"},
	{"expected", "On the list", "list of the expected"},
	{"signInRequired", "Sign-in required", "rule on signing in"},
	{"emailDomains", "E-mail domains", "e-mail domains"},
	{"networks", "Networks", "networks"},
}

func changeRow(e *models.AuditEvent, mask func(string) string, now time.Time) views.ChangeRow {
	changed, plain := auditDetail(e.Detail)
	row := views.ChangeRow{
		When: momentOf(e.OccurredAt, now), Who: mask(cmp.Or(e.ActorName, e.ActorID)),
		What: mask(changeText(e.Action, changed, plain)),
	}
	for _, f := range auditFields {
		if change, ok := changed[f.name]; ok {
			row.Differences = append(row.Differences, views.Difference{
				Field: f.label, From: mask(auditText(change.from)), To: mask(auditText(change.to)),
			})
		}
	}
	return row
}

// auditText shows a value of the trail to people.
func auditText(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		if value {
			return "yes"
		}
		return "no"
	case string:
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return t.UTC().Format(exactFormat)
		}
		return value
	case []any:
		texts := make([]string, len(value))
		for i := range value {
			texts[i] = auditText(value[i])
		}
		return strings.Join(texts, ", ")
	default:
		return fmt.Sprint(value)
	}
}

// changeText says what an event did.
func changeText(action models.AuditAction, changed map[string]auditChange, plain map[string]any) string {
	switch action {
	case models.AuditRegistrationTokenCreated:
		return createdText(plain)
	case models.AuditRegistrationTokenUpdated, models.AuditAuthTokenUpdated:
		return updatedText(changed)
	case models.AuditRegistrationTokenAdmissionSet:
		return "Changed who may redeem it" + listEdit(plain)
	case models.AuditRegistrationTokenEnabled:
		return "Enabled it"
	case models.AuditRegistrationTokenDisabled:
		return "Disabled it" + because(plain)
	case models.AuditRegistrationTokenReplaced:
		return fmt.Sprintf("Replaced it; %s left went over to the successor", auditText(plain["remainingCount"]))
	case models.AuditRegistrationTokenDeleted:
		if plain["authTokens"] == "delete" {
			return "Deleted it and its live auth tokens"
		}
		return "Deleted it; its auth tokens were kept"
	case models.AuditCountReclaimed:
		return "Gave one count back"
	case models.AuditAuthTokenDeleted:
		return "Deleted it" + because(plain)
	case models.AuditAuthTokenEnded:
		return "Ended it: " + endReason(auditText(plain["reason"]))
	default:
		return strings.ReplaceAll(strings.ReplaceAll(string(action), "_", " "), ".", ": ")
	}
}

func createdText(plain map[string]any) string {
	text := "Created it"
	if plain["replaces"] != nil {
		text = "Created it as a replacement"
	}
	if plain["count"] != nil {
		text += " with count " + auditText(plain["count"])
	}
	return text
}

// updatedText names an edit by what it changed.
func updatedText(changed map[string]auditChange) string {
	if count, only := changed["count"]; only && len(changed) == 1 {
		return map[bool]string{true: "Raised the count", false: "Lowered the count"}[number(count.to) > number(count.from)]
	}
	var words []string
	for _, f := range auditFields {
		if _, ok := changed[f.name]; ok {
			words = append(words, f.word)
		}
	}
	switch n := len(words); n {
	case 0:
		return "Changed it"
	case 1:
		return "Changed the " + words[0]
	default:
		return "Changed the " + strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

func because(plain map[string]any) string {
	reason := auditText(plain["reason"])
	if reason == "" {
		return ""
	}
	return ": " + reason
}

func number(value any) float64 {
	n, ok := value.(json.Number)
	if !ok {
		return 0
	}
	f, err := n.Float64()
	if err != nil {
		return 0
	}
	return f
}
