package api

import (
	"time"

	"muster/models"
	"muster/seen"
)

// registrationTokenJSON is a registration token. Token is only in the one answer
// that shows it.
type registrationTokenJSON struct {
	ID             string          `json:"id"`
	Identifier     string          `json:"identifier"`
	Token          string          `json:"token,omitempty"`
	TokenHint      string          `json:"tokenHint"`
	Customer       customerJSON    `json:"customer"`
	Count          int             `json:"count"`
	UsedCount      int             `json:"usedCount"`
	RemainingCount int             `json:"remainingCount"`
	ExpirationDate string          `json:"expirationDate"`
	IsEnabled      bool            `json:"isEnabled"`
	Status         models.Status   `json:"status"`
	StatusReasons  []models.Status `json:"statusReasons"`
	RefID1         *string         `json:"refId1"`
	RefID2         *string         `json:"refId2"`
	Note           *string         `json:"note"`
	CreatedBy      string          `json:"createdBy"`
	CreatedAt      string          `json:"createdAt"`
	UpdatedAt      string          `json:"updatedAt"`
	LastModified   string          `json:"lastModified"` // UpdatedAt, by the name that other APIs have
	Replaces       *string         `json:"replaces"`
	ReplacedBy     *string         `json:"replacedBy"`
}

type customerJSON struct {
	ID         string `json:"id"`
	Identifier string `json:"identifier"`
	Name       string `json:"name"`
}

func customerJSONOf(id string, c models.Customer) customerJSON {
	return customerJSON{ID: id, Identifier: c.Identifier, Name: c.Name}
}

// registrationTokenJSONOf is t as of now. The secret is empty except in the answer
// to the call that created it.
func registrationTokenJSONOf(t *seen.RegistrationToken, secret models.Secret, now time.Time) registrationTokenJSON {
	return registrationTokenJSON{
		ID: t.ID, Identifier: t.Identifier, Token: secret.Reveal(), TokenHint: t.Hint,
		Customer: customerJSONOf(t.CustomerID, t.Customer),
		Count:    t.Count, UsedCount: t.UsedCount, RemainingCount: t.RemainingCount(),
		ExpirationDate: formatTime(t.ExpiresAt), IsEnabled: t.DisabledAt == nil,
		Status: t.Status(now), StatusReasons: t.StatusReasons(now),
		RefID1: orNull(t.RefID1), RefID2: orNull(t.RefID2), Note: orNull(t.Note),
		CreatedBy: t.CreatedBy, CreatedAt: formatTime(t.CreatedAt), UpdatedAt: formatTime(t.UpdatedAt), LastModified: formatTime(t.UpdatedAt),
		Replaces: t.ReplacesID, ReplacedBy: t.ReplacedByID,
	}
}
