package models

import "time"

// PersonalDataGrantLifetime is how long personal data stays visible once asked
// for: one conversation with a user, not a working day.
const PersonalDataGrantLifetime = 15 * time.Minute

// PersonalDataGrant lets one person see the personal data of one object until it
// expires. It is written together with its audit event.
type PersonalDataGrant struct {
	ActorID    string `gorm:"primaryKey"`
	ObjectKind string `gorm:"primaryKey"` // as in [AuditEvent]
	// ObjectID is the id; for a refused attempt its support code.
	ObjectID  string `gorm:"primaryKey"`
	ExpiresAt time.Time
}
