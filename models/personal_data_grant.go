package models

import "time"

// PersonalDataGrantLifetime is how long personal data stays shown to who asked
// for it: a talk with a user, not a working day.
const PersonalDataGrantLifetime = 15 * time.Minute

// PersonalDataGrant lets one person see the personal data of one object until
// its time is over. It is written together with the audit event that tells of
// it.
type PersonalDataGrant struct {
	ActorID    string `gorm:"primaryKey"`
	ObjectKind string `gorm:"primaryKey"` // as in [AuditEvent]
	// ObjectID is the id; of a refused attempt its support code.
	ObjectID  string `gorm:"primaryKey"`
	ExpiresAt time.Time
}
