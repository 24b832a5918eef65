-- +goose Up
-- The list by last redemption; one that nobody redeemed yet comes before all others.
CREATE INDEX registration_tokens_last_redeemed ON registration_tokens (COALESCE(last_redeemed_at, '0001-01-01 00:00:00+00:00'), id);
