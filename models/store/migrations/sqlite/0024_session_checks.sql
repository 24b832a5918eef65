-- +goose Up
-- Why there is no role, which session of the provider it belongs to, what it is checked
-- again with, and when: one without a time is due.
ALTER TABLE sessions ADD COLUMN role_finding TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN provider_session TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN sealed_refresh_token BLOB;
ALTER TABLE sessions ADD COLUMN check_at TIMESTAMP CHECK (substr(check_at, -6) = '+00:00');
CREATE INDEX sessions_person ON sessions (issuer, subject);
CREATE INDEX sessions_provider ON sessions (provider_session) WHERE provider_session <> '';
UPDATE schema_serves SET oldest = 24;
