-- +goose Up
-- Who may redeem: the rules of a registration token, and the list of who is
-- expected (models.Admission, models.Expectation).
ALTER TABLE registration_tokens ADD COLUMN only_expected BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE registration_tokens ADD COLUMN sign_in_required BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE registration_tokens ADD COLUMN allowed_email_domains TEXT;
ALTER TABLE registration_tokens ADD COLUMN allowed_networks TEXT;
ALTER TABLE registration_tokens ADD COLUMN expected_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registration_tokens ADD COLUMN admission_version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE expectations (
    id                    TEXT COLLATE "C" PRIMARY KEY,
    registration_token_id TEXT COLLATE "C" NOT NULL REFERENCES registration_tokens (id),
    kind                  TEXT NOT NULL CHECK (kind IN ('person', 'email', 'host')),
    pattern               TEXT NOT NULL,
    folded                TEXT COLLATE "C" NOT NULL CHECK (folded <> ''),
    glob                  BOOLEAN NOT NULL,
    note                  TEXT NOT NULL,
    created_at            TIMESTAMPTZ NOT NULL,
    arrivals              INTEGER NOT NULL DEFAULT 0 CHECK (arrivals >= 0),
    first_arrived_at      TIMESTAMPTZ,
    first_auth_token_id   TEXT COLLATE "C" REFERENCES auth_tokens (id),
    CONSTRAINT expectations_arrived CHECK ((first_arrived_at IS NULL) = (arrivals = 0)),
    CONSTRAINT expectations_once UNIQUE (registration_token_id, folded, kind)
);
CREATE INDEX expectations_patterns ON expectations (registration_token_id) WHERE glob;
CREATE INDEX expectations_emails ON expectations (registration_token_id) WHERE kind = 'email';
CREATE INDEX expectations_arrived ON expectations (registration_token_id, first_arrived_at, id) WHERE first_arrived_at IS NOT NULL;
CREATE INDEX expectations_missing ON expectations (registration_token_id, folded, id) WHERE first_arrived_at IS NULL;
ALTER TABLE auth_tokens ADD COLUMN expectation_id TEXT COLLATE "C";
ALTER TABLE auth_tokens ADD COLUMN unexpected BOOLEAN NOT NULL DEFAULT FALSE;
-- Strangers of one registration token, and of all.
CREATE INDEX auth_tokens_unexpected_of ON auth_tokens (registration_token_id, created_at, id) WHERE unexpected AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX auth_tokens_unexpected ON auth_tokens (created_at, id) WHERE unexpected AND deleted_at IS NULL AND ended_at IS NULL;
ALTER TABLE refused_attempts ADD COLUMN admission_rule TEXT NOT NULL DEFAULT '';
