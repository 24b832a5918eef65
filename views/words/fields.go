package words

// fieldLabels are the words of the forms for the fields of the API.
var fieldLabels = map[string]string{
	"identifier": "The label", "note": "The note", "refId1": "Reference 1", "refId2": "Reference 2",
	"systemUserName": "The user name", "fqdn": "The host name", "macAddress": "The MAC address",
	"reason": "The reason", "q": "The search text",
}

// FieldLabel begins a sentence about a field that a form shows under other
// words than its name; empty when it has none.
func FieldLabel(field string) string { return fieldLabels[field] }
