// Package sessions reads and changes the rows of sessions.
package sessions

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"muster/models"
)

// Find reads a session with what its person chose.
func Find(db *gorm.DB, digest []byte) (*models.Session, error) {
	var row struct {
		models.Session
		Chosen models.Preferences `gorm:"embedded"`
	}
	err := db.Table("sessions").
		Select("sessions.*, COALESCE(zone, '') AS zone, COALESCE(language, '') AS language, COALESCE(theme, '') AS theme, COALESCE(rows, 0) AS rows").
		Joins("LEFT JOIN preferences ON preferences.issuer = sessions.issuer AND preferences.subject = sessions.subject").
		Where("digest = ?", digest).Take(&row).Error
	row.Preferences = row.Chosen
	return &row.Session, err
}

// SavePreferences keeps what a person chose.
func SavePreferences(tx *gorm.DB, issuer, subject string, p models.Preferences) error {
	row := struct {
		Issuer, Subject    string
		models.Preferences `gorm:"embedded"`
	}{issuer, subject, p}
	again := clause.OnConflict{Columns: []clause.Column{{Name: "issuer"}, {Name: "subject"}}, UpdateAll: true}
	return tx.Table("preferences").Clauses(again).Create(&row).Error
}
