package sessions

import (
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// TakeCheck moves the time of the next check, if it is still the one that was due.
func TakeCheck(tx *gorm.DB, digest []byte, due *time.Time, until time.Time) *gorm.DB {
	one := tx.Model(&models.Session{}).Where("digest = ?", digest)
	if due == nil {
		one = one.Where("check_at IS NULL")
	} else {
		one = one.Where("check_at = ?", *due)
	}
	return one.UpdateColumn("check_at", until)
}

// Renew keeps what a check brought.
func Renew(tx *gorm.DB, digest []byte, proof models.SessionProof) *gorm.DB {
	return tx.Model(&models.Session{}).Where("digest = ?", digest).Select("sealed_id_token", "sealed_refresh_token", "check_at").
		UpdateColumns(&models.Session{
			SealedIDToken: proof.SealedIDToken, SealedRefreshToken: proof.SealedRefreshToken, CheckAt: &proof.CheckAt,
		})
}
