// Package demo fills a development database with a believable past:
// registration tokens in every state and the people and machines that used
// them. It goes through the real token service with a clock that runs through
// the past weeks, so every rule holds for what it makes.
//
// It imports models and tokens (for the service's types) and nothing else of
// this repository. Start here, then chapters.go, which tells the story.
package demo

import (
	"context"
	"fmt"
	"time"

	"muster/models"
	"muster/tokens"
)

// Service is what the story needs of the token service.
type Service interface {
	CreateRegistrationToken(ctx context.Context, actor models.Actor, s models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	UpdateRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, error)
	SetAdmission(ctx context.Context, actor models.Actor, id string, s models.AdmissionSettings) (*models.RegistrationToken, error)
	ReplaceRegistrationToken(ctx context.Context, actor models.Actor, id string, s models.RegistrationTokenSettings) (*models.RegistrationToken, models.Secret, error)
	DeleteRegistrationToken(ctx context.Context, actor models.Actor, id string, d models.RegistrationTokenDeletion) (int, error)
	Redeem(ctx context.Context, r tokens.RedeemRequest) (*tokens.IssuedAuthToken, error)
	Refresh(ctx context.Context, refreshToken models.Secret, origin models.Origin) (*tokens.IssuedSecrets, error)
	AskRequest(ctx context.Context, actor models.Actor, asked models.NewRequest) (*models.Request, error)
	DeclineRequest(ctx context.Context, actor models.Actor, id, reason string) (*models.Request, error)
	AddNote(ctx context.Context, actor models.Actor, n models.NewNote) (*models.Note, error)
	DeleteAuthToken(ctx context.Context, actor models.Actor, id, reason string, returnCount bool, ifVersion ...string) error
}

// Store remembers whether the sample data is there.
type Store interface {
	Instance(ctx context.Context, name string) (string, error)
	ClaimInstance(ctx context.Context, name, value string) (string, error)
}

const instanceName = "demo"

// MaxTokenLifetime is how far ahead the story's tokens may expire, whatever
// the server allows for new ones.
const MaxTokenLifetime = 366 * 24 * time.Hour

// Seed adds the sample data, unless it was added before, and reports whether
// it did. visitor is the end user of the sign-in, who gets auth tokens of
// their own. newService makes a token service that lives by the given clock and
// accepts expiries up to MaxTokenLifetime ahead.
func Seed(ctx context.Context, store Store, now time.Time, visitor models.VerifiedIdentity, newService func(clock func() time.Time) (Service, error)) (bool, error) {
	_, err := store.Instance(ctx, instanceName)
	if err == nil {
		return false, nil
	}
	if models.ErrorKind(err) != models.KindNotFound {
		return false, err
	}
	s := &story{now: now.UTC().Truncate(time.Second), dice: dice{state: 2026}, visitor: visitor}
	if s.service, err = newService(func() time.Time { return s.clock }); err != nil {
		return false, err
	}
	s.tell()
	if err := s.play(ctx); err != nil {
		return false, fmt.Errorf("sample data: %w", err)
	}
	_, err = store.ClaimInstance(ctx, instanceName, s.now.Format(time.RFC3339))
	return err == nil, err
}
