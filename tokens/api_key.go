package tokens

import (
	"context"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/models"

	"muster/tokens/secrets"
)

// AuthenticateAPIKey turns a presented key into an actor. KindUnauthenticated;
// see [IsGuess].
func (s *Service) AuthenticateAPIKey(ctx context.Context, key models.Secret, origin models.Origin) (models.Actor, error) {
	now := s.now()
	const unknown = "This API key is not valid."
	parsed, err := secrets.Parse(secrets.APIKey, key.Reveal())
	if err != nil {
		return models.Actor{}, models.Unauthenticated(unknown).WithCause(err)
	}
	digest := parsed.Digest()
	var read bool
	row, err := s.apiKeys.Read(string(digest), now, func() (*models.APIKey, error) {
		read = true
		return s.store.APIKeyByDigest(ctx, digest)
	})
	if isKind(err, models.KindNotFound) {
		return models.Actor{}, models.Unauthenticated(unknown).WithCause(errGuess)
	}
	if err != nil {
		return models.Actor{}, err
	}
	switch {
	case subtle.ConstantTimeCompare(row.SecretDigest, digest) != 1:
		return models.Actor{}, models.Unauthenticated(unknown).WithCause(errGuess)
	case row.RevokedAt != nil:
		return models.Actor{}, models.Unauthenticated(fmt.Sprintf("This API key was revoked on %s.", formatTime(*row.RevokedAt)))
	case !row.Usable(now):
		return models.Actor{}, models.Unauthenticated(fmt.Sprintf("This API key expired on %s.", formatTime(*row.ExpiresAt)))
	}
	if read {
		s.touchAPIKey(ctx, row)
	}
	return models.Actor{
		Kind: models.ActorAPIKey, ID: row.ID, Name: row.Name,
		Role: row.Role, Permissions: row.Permissions(), Origin: cleanOrigin(origin),
	}, nil
}

// CreateAPIKey creates a key with either a role or scopes, and returns it with its
// secret. A nil expiry means it never expires. The actor needs PermissionAPIKeyManage.
// KindInvalid with the fields name, role, scopes, expiresAt.
func (s *Service) CreateAPIKey(ctx context.Context, actor models.Actor, name string, role models.Role, scopes []models.Scope, expiresAt *time.Time) (*models.APIKey, models.Secret, error) {
	if err := actor.Require(models.PermissionAPIKeyManage); err != nil {
		return nil, "", err
	}
	now := s.now()
	var c checker
	if name == "" {
		c.fail("name", "The name is required: who or what will use the API key?")
	}
	c.text("name", name, models.MaxIdentifierLength, false)
	list := checkPowers(&c, role, scopes)
	if expiresAt != nil {
		utc := expiresAt.UTC().Truncate(time.Microsecond)
		expiresAt = &utc
		if !now.Before(utc) {
			c.fail("expiresAt", "The expiry must be in the future; %s is not.", formatTime(utc))
		}
	}
	if err := c.err(); err != nil {
		return nil, "", err
	}
	id, err := s.newID(now)
	if err != nil {
		return nil, "", err
	}
	secret, err := secrets.Make(s.random, secrets.APIKey, id, "")
	if err != nil {
		return nil, "", err
	}
	key := &models.APIKey{
		ID: id, Name: name, SecretDigest: secret.Digest(), Role: role, ScopeList: strings.Join(list, " "),
		CreatedBy: actor.Name, CreatedAt: now, ExpiresAt: expiresAt,
	}
	detail := map[string]any{"name": name, "role": role, "scopes": list}
	if expiresAt != nil {
		detail["expiresAt"] = expiresAt.Format(time.RFC3339)
	}
	event, err := s.event(now, actor, models.AuditAPIKeyCreated, models.ObjectAPIKey, id, detail)
	if err != nil {
		return nil, "", err
	}
	if err := s.store.CreateAPIKey(ctx, key, event); err != nil {
		return nil, "", err
	}
	return key, secret.Secret(), nil
}

// checkPowers checks what a key may do: a role or scopes, not both.
func checkPowers(c *checker, role models.Role, scopes []models.Scope) []string {
	list := []string{}
	for _, scope := range scopes {
		switch {
		case !slices.Contains(models.Scopes, scope):
			c.fail("scopes", "There is no scope %q.", string(scope))
		case !slices.Contains(list, string(scope)):
			list = append(list, string(scope))
		}
	}
	switch {
	case role != models.RoleNone && role != models.RoleAdmin && role != models.RoleHelpdesk:
		c.fail("role", "There is no role %q; roles are admin and helpdesk.", string(role))
	case role != models.RoleNone && len(scopes) > 0:
		c.fail("role", "Give either a role or scopes, not both.")
	case role == models.RoleNone && len(scopes) == 0:
		c.fail("role", "Give a role or at least one scope.")
	}
	return list
}

// RevokeAPIKey ends a key; revoking it again changes nothing. The actor needs
// PermissionAPIKeyManage. KindNotFound.
func (s *Service) RevokeAPIKey(ctx context.Context, actor models.Actor, id string) error {
	if err := actor.Require(models.PermissionAPIKeyManage); err != nil {
		return err
	}
	now := s.now()
	event, err := s.event(now, actor, models.AuditAPIKeyRevoked, models.ObjectAPIKey, id, nil)
	if err != nil {
		return err
	}
	defer s.apiKeys.Forget() // also when nobody knows whether it was committed
	if err := s.store.RevokeAPIKey(ctx, id, now, actor.Name, event); err != nil {
		return err
	}
	s.notify(Change{Kind: ChangeAPIKey})
	return nil
}
