package models

import "time"

// Note is what somebody wrote down about an object, often with the reference of a
// ticket. Notes are never changed or deleted.
type Note struct {
	ID string `gorm:"primaryKey"`
	// ObjectKind is [ObjectRegistrationToken], [ObjectAuthToken] or
	// [ObjectRefusedAttempt]; ObjectID is its id, of an attempt its support code.
	ObjectKind, ObjectID string
	Text, Ticket         string
	CreatedBy            string
	CreatedAt            time.Time
}

// NewNote is a note as it was given. Text or Ticket may be empty, not both.
type NewNote struct {
	ObjectKind, ObjectID string
	Text, Ticket         string
}
