// Package evidence reads what a verdict about a registration token is judged by.
package evidence

import (
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// maxRefused is how many refusals for the count are looked at, the newest.
const maxRefused = 10_000

// row is a use that still holds a count.
type row struct {
	ID                                   string
	SystemUserName, Fqdn, MacAddress, IP string
	VerifiedIssuer, VerifiedSubject      string
	VerifiedEmail                        string
	CreatedAt, LastSeenAt, IdleExpiresAt time.Time
	Generation                           int
	Unexpected, Ended, Deleted           bool
}

// Read reads all uses of a registration token that still hold a count, and who was
// refused for the count, as tx sees them: whoever judges and changes in one
// transaction judges what is changed.
func Read(tx *gorm.DB, registrationTokenID string) (*models.Evidence, error) {
	e := &models.Evidence{}
	var rows []row
	err := tx.Model(&models.AuthToken{}).Where("registration_token_id = ? AND NOT count_reclaimed", registrationTokenID).
		Select(`id, system_user_name, fqdn, mac_address, ip, verified_issuer, verified_subject, verified_email, created_at, last_seen_at,
			idle_expires_at, generation, unexpected, ended_at IS NOT NULL AS ended, deleted_at IS NOT NULL AS deleted`).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	for i := range rows {
		e.Uses = append(e.Uses, rows[i].facts(e))
	}
	var refused []models.RefusedAttempt
	err = tx.Where("registration_token_id = ? AND reason = ?", registrationTokenID, models.CodeRegistrationTokenExhausted).
		Order("attempted_at DESC, id DESC").Limit(maxRefused).Find(&refused).Error
	for _, a := range refused {
		e.Refused = append(e.Refused, models.RefusedFacts{
			RefusedAttempt: a,
			Person:         e.Text(models.PersonKey(a.VerifiedIdentity, a.ClaimedIdentity)), Device: e.Text(models.DeviceKey(a.ClaimedIdentity)),
		})
	}
	return e, err
}

func (r *row) facts(e *models.Evidence) models.UseFacts {
	claimed := models.ClaimedIdentity{SystemUserName: r.SystemUserName, FQDN: r.Fqdn, MACAddress: r.MacAddress}
	verified := models.VerifiedIdentity{Issuer: r.VerifiedIssuer, Subject: r.VerifiedSubject, Email: r.VerifiedEmail}
	u := models.UseFacts{
		AuthTokenID: r.ID, At: r.CreatedAt, LastSeenAt: r.LastSeenAt, IdleExpiresAt: r.IdleExpiresAt,
		Person: e.Text(models.PersonKey(verified, claimed)), Device: e.Text(models.DeviceKey(claimed)),
		User: e.Text(r.SystemUserName), Host: e.Text(r.Fqdn), MAC: e.Text(r.MacAddress), Network: e.Text(models.NetworkOf(r.IP)),
		Unexpected: r.Unexpected, Refreshed: r.Generation > 1, Ended: r.Ended, Deleted: r.Deleted,
	}
	for i, domain := range models.Domains(verified, claimed) {
		u.Domains[i] = e.Text(domain)
	}
	return u
}
