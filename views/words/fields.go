package words

// fieldLabels are what forms call the fields of the API.
var fieldLabels = map[string]string{
	"identifier": "The label", "note": "The note", "refId1": "Reference 1", "refId2": "Reference 2",
	"systemUserName": "The user name", "fqdn": "The host name", "macAddress": "The MAC address",
	"reason": "The reason", "q": "The search text",
}

// FieldLabel is what forms call a field of the API, at the beginning of a
// sentence; empty when it has no such name.
func FieldLabel(field string) string { return fieldLabels[field] }
