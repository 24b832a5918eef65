package handlers

import (
	"context"
	"encoding/base64"
	"time"

	"muster/internal/seal"
	"muster/models"
)

const pageTokenPurpose = "page token"

// sealedPages is the store with page tokens that nobody else can read or make:
// they hold the sorted value of the row a page ended with, which may be
// somebody's name, and the caller may see names masked only. They are sealed
// under the master key, so every replica opens them.
type sealedPages struct {
	Store
	key []byte
}

// RegistrationTokens implements Store.
func (s sealedPages) RegistrationTokens(ctx context.Context, f models.RegistrationTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.RegistrationToken], error) {
	return sealed(s.key, p, func(p models.PageRequest) (models.Page[models.RegistrationToken], error) {
		return s.Store.RegistrationTokens(ctx, f, p, now)
	})
}

// TokenUses implements Store.
func (s sealedPages) TokenUses(ctx context.Context, registrationTokenID string, p models.PageRequest) (models.Page[models.TokenUse], error) {
	return sealed(s.key, p, func(p models.PageRequest) (models.Page[models.TokenUse], error) {
		return s.Store.TokenUses(ctx, registrationTokenID, p)
	})
}

// RefusedAttempts implements Store.
func (s sealedPages) RefusedAttempts(ctx context.Context, f models.RefusedAttemptFilter, p models.PageRequest) (models.Page[models.RefusedAttempt], error) {
	return sealed(s.key, p, func(p models.PageRequest) (models.Page[models.RefusedAttempt], error) {
		return s.Store.RefusedAttempts(ctx, f, p)
	})
}

// AuthTokens implements Store.
func (s sealedPages) AuthTokens(ctx context.Context, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.AuthToken], error) {
	return sealed(s.key, p, func(p models.PageRequest) (models.Page[models.AuthToken], error) {
		return s.Store.AuthTokens(ctx, f, p, now)
	})
}

// SelectedUses implements Store.
func (s sealedPages) SelectedUses(ctx context.Context, f models.AuthTokenFilter, p models.PageRequest, now time.Time) (models.Page[models.TokenUse], error) {
	return sealed(s.key, p, func(p models.PageRequest) (models.Page[models.TokenUse], error) {
		return s.Store.SelectedUses(ctx, f, p, now)
	})
}

// UseGroups implements Store.
func (s sealedPages) UseGroups(ctx context.Context, f models.AuthTokenFilter, by models.Facet, p models.PageRequest, now time.Time) (models.Page[models.UseGroup], error) {
	return sealed(s.key, p, func(p models.PageRequest) (models.Page[models.UseGroup], error) {
		return s.Store.UseGroups(ctx, f, by, p, now)
	})
}

// AuditEvents implements Store.
func (s sealedPages) AuditEvents(ctx context.Context, f models.AuditFilter, p models.PageRequest) (models.Page[models.AuditEvent], error) {
	return sealed(s.key, p, func(p models.PageRequest) (models.Page[models.AuditEvent], error) {
		return s.Store.AuditEvents(ctx, f, p)
	})
}

// sealed opens the presented token, reads the page and seals the next one.
func sealed[T any](key []byte, p models.PageRequest, read func(models.PageRequest) (models.Page[T], error)) (models.Page[T], error) {
	if p.Token != "" {
		box, err := base64.RawURLEncoding.DecodeString(p.Token)
		if err != nil {
			return models.Page[T]{}, models.InvalidPageToken()
		}
		plain, err := seal.Open(key, pageTokenPurpose, box)
		if err != nil {
			return models.Page[T]{}, models.InvalidPageToken()
		}
		p.Token = string(plain)
	}
	page, err := read(p)
	if err != nil || page.NextToken == "" {
		return page, err
	}
	box, err := seal.Seal(key, pageTokenPurpose, []byte(page.NextToken))
	if err != nil {
		return models.Page[T]{}, err
	}
	page.NextToken = base64.RawURLEncoding.EncodeToString(box)
	return page, nil
}
