// Package evidence reads what a verdict about a registration token is judged by.
package evidence

import (
	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
)

// maxRefused is how many refusals for the count are looked at, the newest.
const maxRefused = 10_000

// columns are those of auth_tokens that a verdict needs.
const columns = `id, system_user_name, fqdn, mac_address, ip, verified_issuer, verified_subject, verified_email,
	created_at, last_seen_at, idle_expires_at, generation, unexpected, ended_at, deleted_at, count_reclaimed`

// Read reads all uses of a registration token that still hold a count, and who was
// refused for the count, as tx sees them: whoever judges and changes in one
// transaction judges what is changed.
func Read(tx *gorm.DB, registrationTokenID string) (*models.Evidence, error) {
	var uses []models.AuthToken
	err := tx.Select(columns).Where("registration_token_id = ?", registrationTokenID).Order("created_at, id").Find(&uses).Error
	if err != nil {
		return nil, err
	}
	var refused []models.RefusedAttempt
	err = tx.Where("registration_token_id = ? AND reason = ?", registrationTokenID, models.CodeRegistrationTokenExhausted).
		Order("attempted_at DESC, id DESC").Limit(maxRefused).Find(&refused).Error
	if err != nil {
		return nil, err
	}
	var rules names.Rules
	sightings := make([]names.Sighting, 0, len(uses)+len(refused))
	for i := range uses {
		sightings = append(sightings, models.SightingOf(uses[i].VerifiedIdentity, uses[i].ClaimedIdentity))
	}
	for i := range refused {
		sightings = append(sightings, models.SightingOf(refused[i].VerifiedIdentity, refused[i].ClaimedIdentity))
	}
	who := rules.Resolve(sightings)
	e := &models.Evidence{}
	for i := range uses {
		if !uses[i].CountReclaimed {
			e.AddUse(&uses[i], who[i], rules.Parse(sightings[i]).Account)
		}
	}
	for i := range refused {
		e.AddRefused(refused[i], who[len(uses)+i])
	}
	return e, nil
}
