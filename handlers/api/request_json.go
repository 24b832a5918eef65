package api

import (
	"bytes"
	"time"

	"muster/models"
	"muster/seen"
)

type requestJSON struct {
	ID                  string              `json:"id"`
	RegistrationTokenID string              `json:"registrationTokenId"`
	Remedy              requestedRemedyJSON `json:"remedy"`
	Reason              string              `json:"reason"`
	Ticket              *string             `json:"ticket"`
	State               models.RequestState `json:"state"`
	CreatedBy           string              `json:"createdBy"`
	CreatedAt           string              `json:"createdAt"`
	DecidedBy           *string             `json:"decidedBy"`
	DecidedAt           *string             `json:"decidedAt"`
	Decision            *string             `json:"decision"`
}

type requestedRemedyJSON struct {
	Kind models.RemedyKind `json:"kind"`
	// Count is the number that was asked for, or else approved.
	Count *int `json:"count"`
	// Request is a remedyRequestJSON or requestedIDsJSON; null where nothing is
	// deleted.
	Request        any     `json:"request"`
	ExpirationDate *string `json:"expirationDate"`
}

type requestedIDsJSON struct {
	IDs         []string `json:"ids"`
	ReturnCount bool     `json:"returnCount"`
	Expected    int      `json:"expected"`
}

func requestJSONOf(r *seen.Request) requestJSON {
	row := requestJSON{
		ID: r.ID, RegistrationTokenID: r.RegistrationTokenID, Reason: r.Reason, Ticket: orNull(r.Ticket), State: r.State,
		CreatedBy: r.CreatedBy, CreatedAt: formatTime(r.CreatedAt),
		Remedy: requestedRemedyJSON{Kind: r.Remedy.Kind, Count: r.Remedy.Count, ExpirationDate: orNoTime(r.Remedy.ExpiresAt)},
	}
	if r.DecidedCount != nil {
		row.Remedy.Count = r.DecidedCount
	}
	if r.State != models.RequestLapsed { // nobody decided that
		row.DecidedBy, row.DecidedAt, row.Decision = orNull(r.DecidedBy), orNoTime(r.DecidedAt), orNull(r.Decision)
	}
	switch {
	case r.Remedy.Finding != "":
		request := &remedyRequestJSON{ReturnCount: r.Remedy.ReturnCount, Expected: *row.Remedy.Count}
		request.Filter.RegistrationToken, request.Filter.Finding = r.RegistrationTokenID, r.Remedy.Finding
		row.Remedy.Request = request
	case r.Remedy.Deletes():
		row.Remedy.Request = &requestedIDsJSON{IDs: r.Remedy.AuthTokens, ReturnCount: r.Remedy.ReturnCount, Expected: *row.Remedy.Count}
	}
	return row
}

func orNoTime(t *time.Time) *string {
	if t == nil {
		return nil
	}
	return orNull(formatTime(*t))
}

// readOnlyRequest are the members of an answer that cannot be set.
var readOnlyRequest = []string{"id", "state", "createdBy", "createdAt", "decidedBy", "decidedAt", "decision"}

// decodeRequest reads {"request":{…}}.
func decodeRequest(body []byte, f *faults) (models.NewRequest, error) {
	var asked models.NewRequest
	o, err := parseWrapped(body, wrapRequest, f)
	if err != nil {
		return asked, err
	}
	for name, to := range map[string]*string{"registrationTokenId": &asked.RegistrationTokenID, "reason": &asked.Reason, "ticket": &asked.Ticket} {
		if text := o.text(name); text != nil {
			*to = *text
		}
	}
	f.checkText("reason", asked.Reason, models.MaxReasonLength, true)
	f.checkText("ticket", asked.Ticket, models.MaxTicketLength, false)
	if asked.Reason == "" {
		f.addOthers([]models.FieldError{{Field: "reason", Message: "Say why you ask: whoever decides reads it."}})
	}
	if asked.RegistrationTokenID == "" {
		f.addOthers([]models.FieldError{{Field: "registrationTokenId", Message: "Name the registration token by its id."}})
	}
	there := o.has("remedy")
	if remedy := o.object("remedy"); remedy != nil {
		asked.Remedy = decodeRemedy(remedy, asked.RegistrationTokenID)
	} else if !there || !f.has("remedy") {
		f.add("remedy", "Say what you ask for.")
	}
	o.finish(readOnlyRequest...)
	return asked, f.err()
}

// decodeRemedy reads a remedy as a verdict gives it, or with ids.
func decodeRemedy(o *jsonObject, registrationTokenID string) models.RequestedRemedy {
	r := models.RequestedRemedy{Count: o.whole("count"), ExpiresAt: o.moment("expirationDate")}
	if kind := o.text("kind"); kind != nil {
		r.Kind = models.RemedyKind(*kind)
	}
	if request := o.object("request"); request != nil {
		if !request.has("filter") && !request.has("ids") {
			o.fail("request", o.path+"request must have a filter or ids.")
		}
		filter, ids := request.object("filter"), decodeIDs(request)
		if filter != nil && ids == nil {
			of, finding := filter.text("registrationToken"), filter.text("finding")
			if of == nil || *of != registrationTokenID {
				filter.fail("registrationToken", filter.path+"registrationToken must be the registration token of the request.")
			}
			if finding == nil || *finding == "" {
				filter.fail("finding", filter.path+"finding is missing.")
			} else {
				r.Finding = models.FindingKind(*finding)
			}
			filter.finish()
		} else if filter != nil {
			request.fail("filter", "Give either ids or a filter, not both.")
		}
		r.AuthTokens, r.ReturnCount = ids, isTrue(request.flag("returnCount"))
		expected := request.whole("expected")
		if r.Count == nil {
			r.Count = expected
		} else if expected != nil && *expected != *r.Count {
			request.fail("expected", request.path+"expected must be the count of the remedy.")
		}
		request.finish()
	}
	o.finish()
	return r
}

// decodeApproval reads {"remedy":{"count":…}}, or nothing.
func decodeApproval(body []byte, f *faults) (*int, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, f.err()
	}
	o, err := parseObject(body, f)
	if err != nil {
		return nil, err
	}
	o.nulls = nullIsWrong
	var changed *int
	if remedy := o.object("remedy"); remedy != nil {
		changed = remedy.whole("count")
		remedy.finish()
	}
	o.finish()
	return changed, f.err()
}

// decodeNothing reads {}, or nothing.
func decodeNothing(body []byte, f *faults) (struct{}, error) {
	if len(bytes.TrimSpace(body)) > 0 {
		o, err := parseObject(body, f)
		if err != nil {
			return struct{}{}, err
		}
		o.finish()
	}
	return struct{}{}, f.err()
}

// decodeReason reads {"reason":…}.
func decodeReason(body []byte, f *faults) (string, error) {
	o, err := parseObject(body, f)
	if err != nil {
		return "", err
	}
	o.nulls = nullIsWrong
	reason := ""
	if text := o.text("reason"); text != nil {
		reason = *text
		f.checkText("reason", reason, models.MaxReasonLength, true)
	}
	o.finish()
	if reason == "" {
		f.addOthers([]models.FieldError{{Field: "reason", Message: "Say why: whoever asked will read it."}})
	}
	return reason, f.err()
}
