-- +goose Up
-- Of people, API keys and the system only: redemptions are made by devices,
-- and must not pay for it.
CREATE INDEX audit_events_actor_kind ON audit_events (actor_kind, occurred_at, id) WHERE actor_kind <> 'device';
-- The auth tokens of a signed-in person.
CREATE INDEX auth_tokens_verified ON auth_tokens (verified_subject, verified_issuer, created_at, id) WHERE verified_subject <> '';
