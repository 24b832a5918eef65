package telling

import (
	"muster/models"
	"muster/views/ui"
)

var criterionFields = map[models.SearchField]string{
	models.SearchPerson: "User", models.SearchHost: "Host", models.SearchMAC: "MAC", models.SearchEmail: "E-mail", models.SearchIP: "Address",
	models.SearchLabel: "Label", models.SearchReference1: "Reference 1", models.SearchReference2: "Reference 2",
	models.SearchNote: "Note", models.SearchCreator: "Created by",
}

var comparisons = map[models.Comparison]string{
	models.ComparisonExact: "is", models.ComparisonStarts: "starts with", models.ComparisonContains: "contains",
}

// Criterion says what a criterion asks for: "Host starts with lt-".
func Criterion(c models.Criterion) string {
	return criterionFields[c.Field] + " " + comparisons[c.Comparison] + " " + c.Text
}

// CriterionFields are the fields as options of a select.
func CriterionFields(fields []models.SearchField) []ui.Option {
	var options []ui.Option
	for _, field := range fields {
		options = append(options, ui.Option{Value: string(field), Label: criterionFields[field]})
	}
	return options
}

// Comparisons are all of them as options of a select.
func Comparisons() []ui.Option {
	var options []ui.Option
	for _, c := range models.Comparisons {
		options = append(options, ui.Option{Value: string(c), Label: comparisons[c]})
	}
	return options
}
