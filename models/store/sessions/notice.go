package sessions

import (
	"gorm.io/gorm"

	"muster/models"
)

// SetNotice leaves a notice for the session's next page.
func SetNotice(tx *gorm.DB, digest []byte, notice models.SessionNotice) error {
	return tx.Model(&models.Session{}).Where("digest = ?", digest).Select("notice", "notice_kind", "notice_undo").
		UpdateColumns(&models.Session{SessionNotice: notice}).Error
}

// TakeNotice returns the notice and removes it; locked reads the session so that nobody
// else takes it.
func TakeNotice(tx, locked *gorm.DB, digest []byte) (notice models.SessionNotice, err error) {
	var row models.Session
	found := locked.Where("digest = ?", digest).Limit(1).Find(&row)
	if found.Error != nil || found.RowsAffected == 0 || row.Notice == "" {
		return notice, found.Error
	}
	return row.SessionNotice, SetNotice(tx, digest, models.SessionNotice{})
}
