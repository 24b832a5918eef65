package sessions

import (
	"crypto/sha256"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

// EndOldest deletes what a person has beyond models.MaxSessions, the oldest first.
func EndOldest(tx *gorm.DB, issuer, subject string) *gorm.DB {
	newest := tx.Model(&models.Session{}).Select("digest").Where("issuer = ? AND subject = ?", issuer, subject).
		Order("created_at DESC, digest").Limit(models.MaxSessions)
	return tx.Where("issuer = ? AND subject = ? AND digest NOT IN (?)", issuer, subject, newest).Delete(&models.Session{})
}

// EndOfProvider deletes the sessions that a logout is about and returns them. It
// remembers the logout, and fails when it does already.
func EndOfProvider(tx *gorm.DB, logout models.ProviderLogout) (ended []models.Session, err error) {
	once := sha256.Sum256([]byte("logout token " + logout.Issuer + " " + logout.ID))
	if err := tx.Create(&models.LoginFlow{Digest: once[:], Sealed: []byte{}, ExpiresAt: logout.Expires}).Error; err != nil {
		return nil, err
	}
	about := tx.Where("issuer = ?", logout.Issuer)
	if logout.Subject != "" {
		about = about.Where("subject = ?", logout.Subject)
	}
	switch {
	case logout.Session == "":
	case logout.Subject == "":
		about = about.Where("provider_session = ?", logout.Session)
	default:
		// A session that does not know which of the provider's it is may be this one.
		about = about.Where("provider_session IN (?, '')", logout.Session)
	}
	err = about.Clauses(clause.Returning{}).Delete(&ended).Error
	return ended, err
}
