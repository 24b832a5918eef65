package models

import (
	"slices"
	"strings"
	"time"
)

// APIKey lets automation call the REST API. Only the digest is kept.
type APIKey struct {
	// ID is the public id, a lower-case ULID, also part of the key.
	ID           string `gorm:"primaryKey"`
	Name         string
	SecretDigest []byte
	Role         Role
	// ScopeList holds the scopes, separated by spaces, when Role is none.
	ScopeList  string `gorm:"column:scopes"`
	CreatedBy  string
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	LastUsedAt *time.Time
	RevokedAt  *time.Time
	RevokedBy  string
}

// Usable reports whether the key may be used at now.
func (k *APIKey) Usable(now time.Time) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || now.Before(*k.ExpiresAt))
}

// Scopes returns the scopes of a key without a role.
func (k *APIKey) Scopes() []Scope {
	var scopes []Scope
	for s := range strings.FieldsSeq(k.ScopeList) {
		scopes = append(scopes, Scope(s))
	}
	return scopes
}

// Permissions returns what the key allows: those of its role, or of its
// scopes.
func (k *APIKey) Permissions() []Permission {
	if k.Role != RoleNone {
		return k.Role.Permissions()
	}
	var permissions []Permission
	for _, s := range k.Scopes() {
		for _, p := range scopePermissions[s] {
			if !slices.Contains(permissions, p) {
				permissions = append(permissions, p)
			}
		}
	}
	return permissions
}
