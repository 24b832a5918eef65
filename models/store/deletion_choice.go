package store

import (
	"fmt"
	"time"

	"gorm.io/gorm"

	"muster/models"
	"muster/models/names"
	"muster/models/store/evidence"
)

// lockRegistrationTokensOf takes the row locks in the same order as a redemption
// (registration token first, by id), so that the two cannot deadlock on
// PostgreSQL. For a finding it locks all that the verdict is judged by: which one
// of a device is kept must not change while it is decided.
func (s *Store) lockRegistrationTokensOf(tx *gorm.DB, d models.AuthTokenDeletion, now time.Time) error {
	if s.dialect == SQLite || d.Filter.Finding == "" && !d.ReturnCount {
		return nil
	}
	var ids []string
	registrationTokens := s.locked(tx.Model(&models.RegistrationToken{})).Order("id")
	if of := d.Filter.RegistrationTokenID; d.Filter.Finding != "" {
		if err := registrationTokens.Where("id = ?", of).Pluck("id", &ids).Error; err != nil {
			return err
		}
		uses := s.locked(tx.Model(&models.AuthToken{})).Select("id").Where("registration_token_id = ? AND NOT count_reclaimed", of).Order("id")
		var n int64
		return tx.Table("(?) AS uses", uses).Count(&n).Error
	}
	selected, err := s.filterAuthTokens(tx, d.Filter, now)
	if err != nil {
		return err
	}
	return registrationTokens.Where("id IN (?)", selected.Select("registration_token_id")).Pluck("id", &ids).Error
}

// chosenForDeletion selects what the filter does, with the auth tokens of a finding
// worked out from what tx sees.
func (s *Store) chosenForDeletion(tx *gorm.DB, d models.AuthTokenDeletion, now time.Time) (*gorm.DB, error) {
	f := d.Filter
	if f.Finding == "" {
		return s.filterAuthTokens(tx, f, now)
	}
	var judged []models.RegistrationToken
	if err := tx.Where("id = ?", f.RegistrationTokenID).Find(&judged).Error; err != nil {
		return nil, err
	}
	ids := []string{}
	for i := range judged {
		e, err := evidence.Read(tx, judged[i].ID)
		if err != nil {
			return nil, err
		}
		verdict := d.Judge(&judged[i], e)
		ids = verdict.AuthTokensOf(f.Finding)
	}
	f.Finding, f.IDs = "", ids
	return s.filterAuthTokens(tx, f, now)
}

// notReclaimed holds for those that were deleted and still hold their count.
const notReclaimed = "deleted_at IS NOT NULL AND NOT count_reclaimed"

// countDeletion counts what a deletion does to the selected, before it does it:
// previews and deletions call it, so that they agree. The database counts, so that
// a preview of a million rows need not read them.
func countDeletion(selected *gorm.DB, d models.AuthTokenDeletion) (models.AuthTokenDeletionResult, error) {
	acted, late := "deleted_at IS NULL", "1 = 0"
	if d.ReturnCount {
		acted, late = "(deleted_at IS NULL OR NOT count_reclaimed)", notReclaimed
	}
	var result models.AuthTokenDeletionResult
	selected = selected.Session(&gorm.Session{})
	if err := refuseSeveral(selected.Where(acted), d.Filter); err != nil {
		return result, err
	}
	if err := selected.Select(`COUNT(*) AS matched,
		COALESCE(SUM(CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END), 0) AS deleted,
		COALESCE(SUM(CASE WHEN ` + late + ` THEN 1 ELSE 0 END), 0) AS late,
		COUNT(DISTINCT CASE WHEN ` + acted + ` AND person_key <> '' THEN person_key END) AS people,
		COUNT(DISTINCT CASE WHEN ` + acted + ` AND device_key <> '' THEN device_key END) AS devices`).Scan(&result).Error; err != nil {
		return result, err
	}
	result.AlreadyDeleted = result.Matched - result.Deleted
	if d.ReturnCount {
		result.Reclaimed = result.Acted()
	}
	if n := result.Acted(); d.Expected != nil && *d.Expected != n {
		return result, models.Conflict(models.CodeUnexpectedNumber,
			fmt.Sprintf("%d auth tokens would be deleted%s, not the expected %d. Nothing was changed.", n, orGivenBack(result), *d.Expected))
	}
	if result.Deleted == 0 {
		return result, nil
	}
	return result, selected.Where("deleted_at IS NULL").Order("last_seen_at DESC").Limit(1).Pluck("last_seen_at", &result.LastSeenAt).Error
}

func orGivenBack(r models.AuthTokenDeletionResult) string {
	if r.Late == 0 {
		return ""
	}
	return " or have their counts given back"
}

// refuseSeveral refuses to act on auth tokens that a name selects when it is the
// name of several people or devices.
func refuseSeveral(acted *gorm.DB, f models.AuthTokenFilter) error {
	if f.SystemUserName == "" && f.FQDN == "" {
		return nil
	}
	var rows []struct {
		CustomerID string
		models.ClaimedIdentity
		models.VerifiedIdentity
	}
	err := acted.Distinct("customer_id", "system_user_name", "fqdn", "mac_address", "verified_issuer", "verified_subject", "verified_email").Scan(&rows).Error
	if err != nil {
		return err
	}
	sightings := map[string][]names.Sighting{}
	for _, r := range rows {
		sightings[r.CustomerID] = append(sightings[r.CustomerID], models.SightingOf(r.VerifiedIdentity, r.ClaimedIdentity))
	}
	people, accounts, devices := 0, 0, 0
	for _, seen := range sightings {
		p, a, d := distinctHolders(names.New().Resolve(seen))
		people, accounts, devices = people+p, accounts+a, devices+d
	}
	switch {
	case f.SystemUserName != "" && accounts == 0 && people > 1:
		return severalMatch("systemUserName", people, "people")
	case f.SystemUserName != "" && people+accounts > 1:
		return severalMatch("systemUserName", people+accounts, "people or devices")
	case f.FQDN != "" && devices > 1:
		return severalMatch("fqdn", devices, "devices")
	}
	return nil
}

// distinctHolders counts people, devices of service accounts, and all devices. A
// service account is no person: nobody in particular can be meant by its name, so
// each of its devices counts.
func distinctHolders(holders []names.Identity) (people, ofAccounts, devices int) {
	person, account, device := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, h := range holders {
		if h.Device != "" {
			device[h.Device] = true
		}
		switch {
		case h.Person != "":
			person[h.Person] = true
		case h.Nobody:
			account[h.Device] = true
		}
	}
	return len(person), len(account), len(device)
}

func severalMatch(field string, n int, what string) error {
	e := models.Conflict(models.CodeSeveralMatch, fmt.Sprintf("%s fits %d %s. Nothing was changed.", field, n, what))
	e.NextStep = "Narrow the filter, or give the ids of the auth tokens."
	return e
}
