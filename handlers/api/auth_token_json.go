package api

import (
	"time"

	"muster/models"
	"muster/seen"
)

type authTokenJSON struct {
	ID string `json:"id"`
	claimedJSON
	RegistrationTokenID string                `json:"registrationTokenId"`
	Customer            customerJSON          `json:"customer"`
	Verified            *verifiedJSON         `json:"verified"`
	IP                  *string               `json:"ip"`
	UserAgent           *string               `json:"userAgent"`
	CreationDate        string                `json:"creationDate"`
	LastSeenAt          string                `json:"lastSeenAt"`
	State               models.AuthTokenState `json:"state"`
	DeletedAt           *string               `json:"deletedAt"`
	DeletedBy           *string               `json:"deletedBy"`
	DeleteReason        *string               `json:"deleteReason"`
	CountReclaimed      bool                  `json:"countReclaimed"`
}

// madeByServer are the members that only the server sets.
var madeByServer = []string{
	"id", "registrationTokenId", "customer", "verified", "ip", "userAgent", "creationDate", "lastSeenAt", "state",
	"deletedAt", "deletedBy", "deleteReason", "countReclaimed",
}

type verifiedJSON struct {
	Issuer  string  `json:"issuer"`
	Subject string  `json:"subject"`
	Email   *string `json:"email"`
}

// authTokenJSONOf is t as of now.
func authTokenJSONOf(t *seen.AuthToken, now time.Time) authTokenJSON {
	a := authTokenJSON{
		ID: t.ID, claimedJSON: claimedJSONOf(&t.ClaimedIdentity),
		RegistrationTokenID: t.RegistrationTokenID, Customer: customerJSONOf(t.CustomerID, t.Customer),
		IP: orNull(t.IP), UserAgent: orNull(t.UserAgent),
		CreationDate: formatTime(t.CreatedAt), LastSeenAt: formatTime(t.LastSeenAt), State: t.State(now),
		DeletedBy: orNull(t.DeletedBy), DeleteReason: orNull(t.DeleteReason), CountReclaimed: t.CountReclaimed,
	}
	if !t.VerifiedIdentity.IsZero() {
		a.Verified = &verifiedJSON{Issuer: t.Issuer, Subject: t.Subject, Email: orNull(t.Email)}
	}
	if t.DeletedAt != nil {
		a.DeletedAt = orNull(formatTime(*t.DeletedAt))
	}
	return a
}
