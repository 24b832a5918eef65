package api

import (
	"cmp"
	"errors"
	"slices"

	"muster/models"
)

// faults collects every bad field of a request, to report them at once.
type faults struct{ fields []models.FieldError }

func (f *faults) add(field, message string) {
	f.fields = append(f.fields, models.FieldError{Field: field, Message: message})
}

// addOthers adds the faults of fields that have none yet.
func (f *faults) addOthers(others []models.FieldError) {
	for _, other := range others {
		if !f.has(other.Field) {
			f.fields = append(f.fields, other)
		}
	}
}

func (f *faults) has(field string) bool {
	return slices.ContainsFunc(f.fields, func(known models.FieldError) bool { return known.Field == field })
}

// checkText records what is wrong with a text, unless the field has a fault.
func (f *faults) checkText(field, value string, limit int, multiline bool) (ok bool) {
	bad := models.CheckText(field, value, limit, multiline)
	if bad != nil {
		f.addOthers([]models.FieldError{*bad})
	}
	return bad == nil
}

// err is nil when nothing is wrong.
func (f *faults) err() error {
	if len(f.fields) == 0 {
		return nil
	}
	return models.Invalid(f.fields...)
}

// renamed gives the fields of an error the names that the caller used.
func renamed(err error, names map[string]string) error {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	copied := *e
	copied.Fields = slices.Clone(e.Fields)
	for i, field := range copied.Fields {
		copied.Fields[i].Field = cmp.Or(names[field.Field], field.Field)
	}
	return &copied
}
