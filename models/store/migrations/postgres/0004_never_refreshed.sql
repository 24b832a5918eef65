-- +goose Up
-- Candidates for giving a count back: redeemed, and never used since.
CREATE INDEX auth_tokens_never_refreshed ON auth_tokens (created_at, id) WHERE generation = 1 AND deleted_at IS NULL AND ended_at IS NULL;
