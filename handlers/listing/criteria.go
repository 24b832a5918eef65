package listing

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"muster/models"
	"muster/views/telling"
	"muster/views/ui"
)

// Criteria narrow a list by its fields. In an address each is a parameter where, like
// where=host.starts:lt-.
type Criteria []models.Criterion

// whereParam has a criterion; fieldParam, howParam and valueParam are the form that adds
// one.
const (
	whereParam = "where"
	fieldParam = "field"
	howParam   = "how"
	valueParam = "value"

	// mostCriteria is how many narrow a list at once.
	mostCriteria = 8
)

// AddsCriterion reports whether an address is that of the form: the list has another.
func AddsCriterion(values url.Values) bool { return values.Has(fieldParam) }

// ReadCriteria reads the criteria on some fields from an address or from the form, which
// adds none when nothing was typed.
// KindInvalid with the field where, or value for what the form adds.
func ReadCriteria(values url.Values, fields []models.SearchField) (Criteria, error) {
	var criteria Criteria
	for _, text := range values[whereParam] {
		name, rest, _ := strings.Cut(text, ".")
		how, value, _ := strings.Cut(rest, ":")
		criteria = append(criteria, models.Criterion{Field: models.SearchField(name), Comparison: models.Comparison(how), Text: strings.TrimSpace(value)})
	}
	if AddsCriterion(values) && strings.TrimSpace(values.Get(valueParam)) != "" {
		criteria = append(criteria, models.Criterion{
			Field: models.SearchField(values.Get(fieldParam)), Comparison: models.Comparison(values.Get(howParam)), Text: strings.TrimSpace(values.Get(valueParam)),
		})
	}
	for i, c := range criteria {
		param := whereParam
		if i >= len(values[whereParam]) {
			param = valueParam
		}
		switch {
		case !slices.Contains(fields, c.Field) || !slices.Contains(models.Comparisons, c.Comparison):
			return nil, Invalid(param, "The list cannot be narrowed by that.")
		case c.Text == "":
			return nil, Invalid(param, "Say what to compare with.")
		case i >= mostCriteria:
			return nil, Invalid(param, "A list can be narrowed by 8 criteria at once.")
		}
		if err := CheckText(param, c.Text); err != nil {
			return nil, err
		}
	}
	return criteria, nil
}

// Set puts the criteria into the parameters of a list.
func (criteria Criteria) Set(values url.Values) {
	values.Del(whereParam)
	for _, c := range criteria {
		values.Add(whereParam, string(c.Field)+"."+string(c.Comparison)+":"+c.Text)
	}
}

// Chips say what narrows the list, each with a link that removes it.
func (criteria Criteria) Chips(q Query) []ui.Chip {
	var chips []ui.Chip
	for i, c := range criteria {
		without := q.carrying(slices.Concat(criteria[:i], criteria[i+1:]))
		chips = append(chips, ui.Chip{Label: telling.Criterion(c), On: true, URL: without.In(q.State)})
	}
	return chips
}

// carrying is the list with other criteria.
func (q Query) carrying(criteria Criteria) Query {
	q.More = maps.Clone(q.More)
	criteria.Set(q.More)
	return q
}

// Form is the form that adds a criterion on one of the fields.
func (q Query) Form(fields []models.SearchField) ui.CriterionForm {
	form := ui.CriterionForm{Action: q.Path, Fields: telling.CriterionFields(fields), Comparisons: telling.Comparisons()}
	values := q.values(q.State, "")
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			form.Kept = append(form.Kept, ui.Option{Label: name, Value: value})
		}
	}
	return form
}
