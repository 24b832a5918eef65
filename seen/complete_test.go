package seen

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"muster/models"
)

const planted = "secret.person@contoso.example"

func helpdesk() Viewer {
	return NewViewer(models.Actor{Kind: models.ActorPerson, ID: "h", Permissions: models.RoleHelpdesk.Permissions()}, "")
}

var errCounted = errors.New("counted")

// countingStore takes audit events and nothing else.
type countingStore struct{ Store }

func (countingStore) AppendAudit(context.Context, models.AuditEvent) error { return errCounted }

// Each list that is narrowed by a text counts a look-up before it reads, or
// refuses; the next one too.
func TestReader_EachTextThatNarrowsIsALookUp(t *testing.T) {
	t.Parallel()
	tried := 0
	methods := reflect.TypeFor[*Reader]()
	for i := range methods.NumMethod() {
		method := methods.Method(i)
		for n := range method.Type.NumIn() {
			filter := method.Type.In(n)
			if filter.Kind() != reflect.Struct || !strings.HasSuffix(filter.Name(), "Filter") && filter.Name() != "Search" {
				continue
			}
			for _, field := range reflect.VisibleFields(filter) {
				// Ids hold no address, and those of others find nothing.
				if field.Type != reflect.TypeFor[string]() && field.Type != reflect.TypeFor[[]models.Criterion]() || strings.HasSuffix(field.Name, "ID") || field.Name == "SameActorAs" || field.Name == "ObjectKind" {
					continue
				}
				tried++
				err := callNarrowed(t, method, n, field)
				if !errors.Is(err, errCounted) && models.ErrorKind(err) != models.KindInvalid {
					t.Errorf("%s reads what %s.%s narrows without counting it: %v", method.Name, filter.Name(), field.Name, err)
				}
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d filters were tried", tried)
	}
}

// callNarrowed calls a method of a reader whose argument n has a planted
// address in one field; an error, too, when it reads rows.
func callNarrowed(t *testing.T, method reflect.Method, n int, field reflect.StructField) (err error) {
	t.Helper()
	arguments := []reflect.Value{reflect.ValueOf(NewReader(countingStore{}, make([]byte, 32), models.VerdictRules{}, func() time.Time { return time.Unix(0, 0) }))}
	for i := 1; i < method.Type.NumIn(); i++ {
		argument := reflect.New(method.Type.In(i)).Elem()
		switch {
		case i == n:
			plantText(argument.FieldByIndex(field.Index))
		case argument.Type() == reflect.TypeFor[context.Context]():
			argument.Set(reflect.ValueOf(t.Context()))
		case argument.Type() == reflect.TypeFor[Viewer]():
			argument.Set(reflect.ValueOf(helpdesk()))
		}
		arguments = append(arguments, argument)
	}
	defer func() {
		if read := recover(); read != nil {
			err = fmt.Errorf("it reads: %v", read)
		}
	}()
	results := method.Func.Call(arguments)
	err, _ = results[len(results)-1].Interface().(error)
	return err
}

// plantText makes a text, or a criterion, ask for the planted address.
func plantText(v reflect.Value) {
	if v.Kind() == reflect.String {
		v.SetString(planted)
		return
	}
	v.Set(reflect.ValueOf([]models.Criterion{{Field: models.SearchLabel, Comparison: models.ComparisonContains, Text: planted}}))
}

// What a row holds as text is masked, unless it is named here.
func TestRows_MaskEveryText(t *testing.T) {
	t.Parallel()
	harmless := func(name string) bool {
		switch name {
		case "Issuer", "EmailDomains", // a provider, domains
			"Hint", "SupportCode", "ScopeList", "ObjectKind", "AuthTokens": // Muster's own
			return true
		}
		return strings.HasSuffix(name, "ID")
	}
	var plant func(v reflect.Value)
	plant = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if v.Type() == reflect.TypeFor[string]() {
				v.SetString(planted)
			}
		case reflect.Pointer:
			if v.Type().Elem().Kind() != reflect.Pointer && v.Type().Elem() != reflect.TypeFor[time.Time]() {
				v.Set(reflect.New(v.Type().Elem()))
				plant(v.Elem())
			}
		case reflect.Slice:
			if v.Type().Elem().Kind() == reflect.String || v.Type().Elem().Kind() == reflect.Struct {
				v.Set(reflect.MakeSlice(v.Type(), 1, 1))
				plant(v.Index(0))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if field := v.Type().Field(i); field.IsExported() && !harmless(field.Name) && v.Type() != reflect.TypeFor[time.Time]() {
					plant(v.Field(i))
				}
			}
		default: // holds no text
		}
	}
	v := helpdesk()
	for name, shown := range map[string]any{
		"auth token":         filled(plant, v.AuthToken),
		"registration token": filled(plant, v.RegistrationToken),
		"redemption":         filled(plant, v.redemption),
		"use":                filled(plant, v.tokenUse),
		"refused attempt":    filled(plant, v.refusedAttempt),
		"expectation":        filled(plant, v.Expectation),
		"API key":            filled(plant, v.APIKey),
		"group of uses":      filled(plant, v.useGroup),
		"event":              filled(plant, v.AuditEvent),
		"request":            filled(plant, v.Request),
		"note":               filled(plant, v.Note),
		"identity":           filled(plant, v.Identity),
	} {
		if text := fmt.Sprintf("%+v", shown); strings.Contains(text, planted) {
			for _, word := range strings.Fields(text) {
				if strings.Contains(word, planted) {
					t.Errorf("%s shows %s", name, word)
				}
			}
		}
	}
}

func filled[R, T any](plant func(reflect.Value), show func(*R) T) T {
	var row R
	plant(reflect.ValueOf(&row).Elem())
	return show(&row)
}
