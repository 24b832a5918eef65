package api

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"muster/models"
	"muster/seen"
	"muster/tokens"
)

// readOnlyRegistrationToken are the members of an answer that cannot be set.
var readOnlyRegistrationToken = []string{
	"id", "token", "tokenHint", "usedCount", "remainingCount", "status", "statusReasons",
	"createdBy", "createdAt", "updatedAt", "lastModified", "replaces", "replacedBy",
}

// settingsRules is what a call expects of its settings.
type settingsRules struct {
	countRequired bool
	bodyOptional  bool
	// nulls is what null means: in a change, to clear; in a whole, no value.
	nulls nulls
	// now and longest judge the expiry.
	now     time.Time
	longest time.Duration
	// present is what an answer about it says now, which may be given back as it is; nil
	// where nothing is.
	present *seen.RegistrationToken
}

// decodeSettings reads {"registrationToken":{…}}. Every bad field is reported at
// once, so when one cannot be read, the others are judged here too.
func decodeSettings(body []byte, f *faults, rules settingsRules) (models.RegistrationTokenSettings, error) {
	var s models.RegistrationTokenSettings
	if rules.bodyOptional {
		if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || string(trimmed) == "{}" {
			return s, f.err()
		}
	}
	o, err := parseWrapped(body, wrapRegistrationToken, f)
	if err != nil {
		return s, err
	}
	o.nulls = rules.nulls
	if rules.present != nil {
		dropGivenBack(o, rules.present, rules.now)
	}
	countGiven := o.has("count") && !o.isNull("count")
	s.Identifier, s.RefID1, s.RefID2, s.Note = o.text("identifier"), o.text("refId1"), o.text("refId2"), o.text("note")
	s.Count, s.ExpiresAt, s.Enabled = o.whole("count"), o.moment("expirationDate"), o.flag("isEnabled")
	if customer := o.object("customer"); customer != nil {
		s.CustomerID = decodeCustomer(customer)
	}
	o.finish(readOnlyRegistrationToken...)
	if rules.countRequired && !countGiven {
		f.add("count", "The count is required: how many times may the registration token be used?")
	}
	if rules.present != nil {
		s = rules.present.GivenBack(s)
	}
	if f.err() != nil {
		f.addOthers(tokens.CheckSettings(s, rules.now, rules.longest))
	}
	return s, f.err()
}

// dropGivenBack drops the members that cannot be changed and are as an answer has them
// now, so that an answer can be changed and sent back.
func dropGivenBack(o *jsonObject, present *seen.RegistrationToken, now time.Time) {
	answered, err := json.Marshal(registrationTokenJSONOf(present, "", now))
	if err != nil {
		return // then nothing is taken for given back
	}
	o.dropSame(newObject(answered, "", o.faults), append(slices.Clone(readOnlyRegistrationToken), "customer"))
}

// decodeCustomer reads {"id":…} or {"identifier":…}.
func decodeCustomer(o *jsonObject) string {
	var chosen string
	id, identifier := o.text("id"), o.text("identifier")
	for name, value := range map[string]*string{"id": id, "identifier": identifier} {
		if value == nil {
			continue
		}
		chosen = *value
		if chosen == "" {
			o.fail(name, o.path+name+" must not be empty.")
		} else {
			o.faults.checkText(o.path+name, chosen, models.MaxIdentifierLength, false)
		}
	}
	o.finish("name")
	switch {
	case id != nil && identifier != nil:
		o.faults.add("customer", "Give either the customer's id or its identifier, not both.")
	case id == nil && identifier == nil:
		o.faults.addOthers([]models.FieldError{{Field: "customer", Message: `The customer must be {"id": …} or {"identifier": …}.`}})
	}
	return chosen
}
