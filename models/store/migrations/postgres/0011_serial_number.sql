-- +goose Up
-- What is on the sticker of a computer, as its device reports it.
ALTER TABLE auth_tokens ADD COLUMN serial_number TEXT NOT NULL DEFAULT '';
ALTER TABLE redemptions ADD COLUMN serial_number TEXT NOT NULL DEFAULT '';
ALTER TABLE refused_attempts ADD COLUMN serial_number TEXT NOT NULL DEFAULT '';
CREATE INDEX auth_tokens_serial_number ON auth_tokens (serial_number, created_at, id) WHERE serial_number <> '';
