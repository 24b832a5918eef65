-- +goose Up
-- "Closest to exhausted" first.
CREATE INDEX registration_tokens_remaining ON registration_tokens (count - used_count, id);
