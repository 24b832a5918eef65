package handlers

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

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
