package handlers

import (
	"time"

	"muster/models"
)

// The JSON of REST (PRODUCT section 5). Every member is always there; null
// stands for what there is not. Only token is left out except in the one
// answer that shows it.

type apiCustomer struct {
	ID         string `json:"id"`
	Identifier string `json:"identifier"`
	Name       string `json:"name"`
}

type apiRegistrationToken struct {
	ID             string          `json:"id"`
	Identifier     string          `json:"identifier"`
	Token          string          `json:"token,omitempty"`
	TokenHint      string          `json:"tokenHint"`
	Customer       apiCustomer     `json:"customer"`
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
	Replaces       *string         `json:"replaces"`
	ReplacedBy     *string         `json:"replacedBy"`
}

type apiVerified struct {
	Issuer  string  `json:"issuer"`
	Subject string  `json:"subject"`
	Email   *string `json:"email"`
}

type apiAuthToken struct {
	ID                  string                `json:"id"`
	Identifier          *string               `json:"identifier"`
	SystemUserName      *string               `json:"systemUserName"`
	FQDN                *string               `json:"fqdn"`
	MACAddress          *string               `json:"macAddress"`
	RefID1              *string               `json:"refId1"`
	RefID2              *string               `json:"refId2"`
	RegistrationTokenID string                `json:"registrationTokenId"`
	Customer            apiCustomer           `json:"customer"`
	Verified            *apiVerified          `json:"verified"`
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

type apiRegistrationTokenAnswer struct {
	RegistrationToken apiRegistrationToken `json:"registrationToken"`
}

type apiRegistrationTokenPage struct {
	RegistrationTokens struct {
		RegistrationToken []apiRegistrationToken `json:"registrationToken"`
		NextPageToken     *string                `json:"nextPageToken"`
	} `json:"registrationTokens"`
}

type apiAuthTokenAnswer struct {
	AuthToken apiAuthToken `json:"authToken"`
}

type apiAuthTokenPage struct {
	AuthTokens struct {
		AuthToken     []apiAuthToken `json:"authToken"`
		NextPageToken *string        `json:"nextPageToken"`
	} `json:"authTokens"`
}

// apiIssued is the answer to a redemption.
type apiIssued struct {
	AuthToken apiAuthToken `json:"authToken"`
	issuedSecrets
}

// issuedSecrets is the token answer of RFC 6749 section 5.1.
type issuedSecrets struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
}

type apiDeletion struct {
	Matched        int  `json:"matched"`
	Deleted        int  `json:"deleted"`
	AlreadyDeleted int  `json:"alreadyDeleted"`
	Reclaimed      int  `json:"reclaimed"`
	People         int  `json:"people"`
	Devices        int  `json:"devices"`
	DryRun         bool `json:"dryRun"`
}

type apiIDPConfiguration struct {
	Issuer        string  `json:"issuer"`
	Realm         *string `json:"realm"`
	TokenEndpoint *string `json:"tokenEndpoint"`
	ClientID      *string `json:"clientId"`
	TokenURL      string  `json:"tokenUrl"`
}

type apiIDPConfigurationAnswer struct {
	IDPConfiguration apiIDPConfiguration `json:"idpConfiguration"`
}

// toAPIRegistrationToken shows t to the actor at now. The secret is empty but
// in the answer to the call that made it.
func toAPIRegistrationToken(actor models.Actor, t *models.RegistrationToken, secret models.Secret, now time.Time) apiRegistrationToken {
	t = maskedRegistrationToken(actor, t)
	return apiRegistrationToken{
		ID: t.ID, Identifier: t.Identifier, Token: secret.Reveal(), TokenHint: t.Hint,
		Customer: toAPICustomer(t.CustomerID, t.Customer),
		Count:    t.Count, UsedCount: t.UsedCount, RemainingCount: t.RemainingCount(),
		ExpirationDate: apiTime(t.ExpiresAt), IsEnabled: t.DisabledAt == nil,
		Status: t.Status(now), StatusReasons: t.StatusReasons(now),
		RefID1: orNull(t.RefID1), RefID2: orNull(t.RefID2), Note: orNull(t.Note),
		CreatedBy: t.CreatedBy, CreatedAt: apiTime(t.CreatedAt), UpdatedAt: apiTime(t.UpdatedAt),
		Replaces: t.ReplacesID, ReplacedBy: t.ReplacedByID,
	}
}

// toAPIAuthToken shows t to the actor at now.
func toAPIAuthToken(actor models.Actor, t *models.AuthToken, now time.Time) apiAuthToken {
	t = masked(actor, t)
	a := apiAuthToken{
		ID: t.ID, Identifier: orNull(t.Identifier),
		SystemUserName: orNull(t.SystemUserName), FQDN: orNull(t.FQDN), MACAddress: orNull(t.MACAddress),
		RefID1: orNull(t.RefID1), RefID2: orNull(t.RefID2),
		RegistrationTokenID: t.RegistrationTokenID, Customer: toAPICustomer(t.CustomerID, t.Customer),
		IP: orNull(t.IP), UserAgent: orNull(t.UserAgent),
		CreationDate: apiTime(t.CreatedAt), LastSeenAt: apiTime(t.LastSeenAt), State: t.State(now),
		DeletedBy: orNull(t.DeletedBy), DeleteReason: orNull(t.DeleteReason), CountReclaimed: t.CountReclaimed,
	}
	if !t.VerifiedIdentity.IsZero() {
		a.Verified = &apiVerified{Issuer: t.Issuer, Subject: t.Subject, Email: orNull(t.Email)}
	}
	if t.DeletedAt != nil {
		a.DeletedAt = orNull(apiTime(*t.DeletedAt))
	}
	return a
}

func toAPICustomer(id string, c models.Customer) apiCustomer {
	return apiCustomer{ID: id, Identifier: c.Identifier, Name: c.Name}
}

// apiTime is RFC 3339 in UTC with whole seconds.
func apiTime(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
