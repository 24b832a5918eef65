-- +goose Up
-- Times are text in UTC here (SQLite compares them as text), so each one must
-- end in +00:00.
CREATE TABLE customers (
    id         TEXT PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL CHECK (substr(created_at, -6) = '+00:00')
);
INSERT INTO customers (id, identifier, name, created_at)
VALUES ('default', 'default', 'Default', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));

CREATE TABLE registration_tokens (
    id               TEXT PRIMARY KEY,
    customer_id      TEXT NOT NULL REFERENCES customers (id),
    identifier       TEXT NOT NULL,
    ref_id_1         TEXT NOT NULL,
    ref_id_2         TEXT NOT NULL,
    note             TEXT NOT NULL,
    secret_digest    BLOB NOT NULL UNIQUE CHECK (length(secret_digest) = 32),
    hint             TEXT NOT NULL,
    count            INTEGER NOT NULL CHECK (count BETWEEN 1 AND 1000000),
    used_count       INTEGER NOT NULL DEFAULT 0,
    redemption_count INTEGER NOT NULL DEFAULT 0,
    refused_count    INTEGER NOT NULL DEFAULT 0 CHECK (refused_count >= 0),
    expires_at       TIMESTAMP NOT NULL CHECK (substr(expires_at, -6) = '+00:00'),
    disabled_at      TIMESTAMP CHECK (substr(disabled_at, -6) = '+00:00'),
    disabled_by      TEXT NOT NULL,
    deleted_at       TIMESTAMP CHECK (substr(deleted_at, -6) = '+00:00'),
    deleted_by       TEXT NOT NULL,
    replaces_id      TEXT REFERENCES registration_tokens (id),
    replaced_by_id   TEXT REFERENCES registration_tokens (id) DEFERRABLE INITIALLY DEFERRED,
    replaced_at      TIMESTAMP CHECK (substr(replaced_at, -6) = '+00:00'),
    created_by       TEXT NOT NULL,
    created_at       TIMESTAMP NOT NULL CHECK (substr(created_at, -6) = '+00:00'),
    updated_at       TIMESTAMP NOT NULL CHECK (substr(updated_at, -6) = '+00:00'),
    last_redeemed_at TIMESTAMP CHECK (substr(last_redeemed_at, -6) = '+00:00'),
    CONSTRAINT registration_tokens_used_within_count CHECK (used_count BETWEEN 0 AND count),
    CONSTRAINT registration_tokens_used_within_redemptions CHECK (used_count <= redemption_count)
);
CREATE UNIQUE INDEX registration_tokens_replaces ON registration_tokens (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE UNIQUE INDEX registration_tokens_replaced_by ON registration_tokens (replaced_by_id) WHERE replaced_by_id IS NOT NULL;
-- No index on used_count: every redemption changes it.
CREATE INDEX registration_tokens_created ON registration_tokens (created_at, id);
CREATE INDEX registration_tokens_updated ON registration_tokens (updated_at, id);
CREATE INDEX registration_tokens_expires ON registration_tokens (expires_at, id);
CREATE INDEX registration_tokens_identifier ON registration_tokens (identifier, id);
CREATE INDEX registration_tokens_count ON registration_tokens (count, id);
CREATE INDEX registration_tokens_customer ON registration_tokens (customer_id, created_at, id);
CREATE INDEX registration_tokens_ref_id_1 ON registration_tokens (ref_id_1, created_at, id) WHERE ref_id_1 <> '';
CREATE INDEX registration_tokens_ref_id_2 ON registration_tokens (ref_id_2, created_at, id) WHERE ref_id_2 <> '';

CREATE TABLE redemptions (
    id                    TEXT PRIMARY KEY,
    registration_token_id TEXT NOT NULL REFERENCES registration_tokens (id),
    use_number            INTEGER NOT NULL CHECK (use_number >= 1),
    auth_token_id         TEXT NOT NULL UNIQUE REFERENCES auth_tokens (id) DEFERRABLE INITIALLY DEFERRED,
    redeemed_at           TIMESTAMP NOT NULL CHECK (substr(redeemed_at, -6) = '+00:00'),
    system_user_name      TEXT NOT NULL,
    fqdn                  TEXT NOT NULL,
    mac_address           TEXT NOT NULL,
    identifier            TEXT NOT NULL,
    ref_id_1              TEXT NOT NULL,
    ref_id_2              TEXT NOT NULL,
    verified_issuer       TEXT NOT NULL,
    verified_subject      TEXT NOT NULL,
    verified_email        TEXT NOT NULL,
    ip                    TEXT NOT NULL,
    user_agent            TEXT NOT NULL,
    channel               TEXT NOT NULL,
    request_id            TEXT NOT NULL,
    CONSTRAINT redemptions_use_number_once UNIQUE (registration_token_id, use_number)
);

CREATE TABLE auth_tokens (
    id                    TEXT PRIMARY KEY,
    registration_token_id TEXT NOT NULL REFERENCES registration_tokens (id),
    redemption_id         TEXT NOT NULL UNIQUE REFERENCES redemptions (id),
    customer_id           TEXT NOT NULL REFERENCES customers (id),
    system_user_name      TEXT NOT NULL,
    fqdn                  TEXT NOT NULL,
    mac_address           TEXT NOT NULL,
    identifier            TEXT NOT NULL,
    ref_id_1              TEXT NOT NULL,
    ref_id_2              TEXT NOT NULL,
    verified_issuer       TEXT NOT NULL,
    verified_subject      TEXT NOT NULL,
    verified_email        TEXT NOT NULL,
    ip                    TEXT NOT NULL,
    user_agent            TEXT NOT NULL,
    created_at            TIMESTAMP NOT NULL CHECK (substr(created_at, -6) = '+00:00'),
    last_seen_at          TIMESTAMP NOT NULL CHECK (substr(last_seen_at, -6) = '+00:00'),
    last_seen_ip          TEXT NOT NULL,
    first_used_at         TIMESTAMP CHECK (substr(first_used_at, -6) = '+00:00'),
    generation            INTEGER NOT NULL CHECK (generation >= 1),
    family_digest         BLOB NOT NULL UNIQUE CHECK (length(family_digest) = 32),
    refresh_digest        BLOB NOT NULL UNIQUE CHECK (length(refresh_digest) = 32),
    previous_digest       BLOB CHECK (length(previous_digest) = 32),
    sealed_successor      BLOB,
    rotated_at            TIMESTAMP CHECK (substr(rotated_at, -6) = '+00:00'),
    idle_expires_at       TIMESTAMP NOT NULL CHECK (substr(idle_expires_at, -6) = '+00:00'),
    ended_at              TIMESTAMP CHECK (substr(ended_at, -6) = '+00:00'),
    end_reason            TEXT NOT NULL,
    deleted_at            TIMESTAMP CHECK (substr(deleted_at, -6) = '+00:00'),
    deleted_by            TEXT NOT NULL,
    delete_reason         TEXT NOT NULL,
    count_reclaimed       BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT auth_tokens_reclaimed_when_deleted CHECK (NOT count_reclaimed OR deleted_at IS NOT NULL)
);
CREATE INDEX auth_tokens_created ON auth_tokens (created_at, id);
CREATE INDEX auth_tokens_last_seen ON auth_tokens (last_seen_at, id);
CREATE INDEX auth_tokens_system_user_name ON auth_tokens (system_user_name, id);
CREATE INDEX auth_tokens_fqdn ON auth_tokens (fqdn, id);
CREATE INDEX auth_tokens_registration_token ON auth_tokens (registration_token_id, created_at, id);
CREATE INDEX auth_tokens_customer ON auth_tokens (customer_id, created_at, id);
CREATE INDEX auth_tokens_ip ON auth_tokens (ip, created_at, id);
CREATE INDEX auth_tokens_mac_address ON auth_tokens (mac_address, created_at, id) WHERE mac_address <> '';
CREATE INDEX auth_tokens_identifier ON auth_tokens (identifier, created_at, id) WHERE identifier <> '';
CREATE INDEX auth_tokens_ref_id_1 ON auth_tokens (ref_id_1, created_at, id) WHERE ref_id_1 <> '';
CREATE INDEX auth_tokens_ref_id_2 ON auth_tokens (ref_id_2, created_at, id) WHERE ref_id_2 <> '';

CREATE TABLE reclaims (
    id                    TEXT PRIMARY KEY,
    registration_token_id TEXT NOT NULL REFERENCES registration_tokens (id),
    redemption_id         TEXT NOT NULL UNIQUE REFERENCES redemptions (id),
    auth_token_id         TEXT NOT NULL UNIQUE REFERENCES auth_tokens (id),
    reclaimed_at          TIMESTAMP NOT NULL CHECK (substr(reclaimed_at, -6) = '+00:00'),
    reclaimed_by          TEXT NOT NULL,
    reason                TEXT NOT NULL
);
CREATE INDEX reclaims_registration_token ON reclaims (registration_token_id, reclaimed_at);

CREATE TABLE refused_attempts (
    id                    TEXT PRIMARY KEY,
    support_code          TEXT NOT NULL UNIQUE,
    registration_token_id TEXT REFERENCES registration_tokens (id),
    reason                TEXT NOT NULL,
    attempted_at          TIMESTAMP NOT NULL CHECK (substr(attempted_at, -6) = '+00:00'),
    system_user_name      TEXT NOT NULL,
    fqdn                  TEXT NOT NULL,
    mac_address           TEXT NOT NULL,
    identifier            TEXT NOT NULL,
    ref_id_1              TEXT NOT NULL,
    ref_id_2              TEXT NOT NULL,
    verified_issuer       TEXT NOT NULL,
    verified_subject      TEXT NOT NULL,
    verified_email        TEXT NOT NULL,
    ip                    TEXT NOT NULL,
    user_agent            TEXT NOT NULL,
    channel               TEXT NOT NULL,
    request_id            TEXT NOT NULL
);
CREATE INDEX refused_attempts_attempted ON refused_attempts (attempted_at, id);
CREATE INDEX refused_attempts_registration_token ON refused_attempts (registration_token_id, attempted_at, id);

-- Written before its auth token, so that a second request with the same key
-- waits here: hence the deferred reference.
CREATE TABLE kept_answers (
    registration_token_id TEXT NOT NULL REFERENCES registration_tokens (id),
    key_digest            BLOB NOT NULL CHECK (length(key_digest) = 32),
    request_digest        BLOB NOT NULL CHECK (length(request_digest) = 32),
    auth_token_id         TEXT NOT NULL REFERENCES auth_tokens (id) DEFERRABLE INITIALLY DEFERRED,
    sealed                BLOB NOT NULL,
    created_at            TIMESTAMP NOT NULL CHECK (substr(created_at, -6) = '+00:00'),
    PRIMARY KEY (registration_token_id, key_digest)
);
CREATE INDEX kept_answers_created ON kept_answers (created_at);

CREATE TABLE sessions (
    digest          BLOB PRIMARY KEY CHECK (length(digest) = 32),
    issuer          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    email           TEXT NOT NULL,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL,
    sealed_id_token BLOB,
    notice          TEXT NOT NULL,
    notice_kind     TEXT NOT NULL,
    created_at      TIMESTAMP NOT NULL CHECK (substr(created_at, -6) = '+00:00'),
    last_active_at  TIMESTAMP NOT NULL CHECK (substr(last_active_at, -6) = '+00:00'),
    expires_at      TIMESTAMP NOT NULL CHECK (substr(expires_at, -6) = '+00:00')
);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE login_flows (
    digest     BLOB PRIMARY KEY CHECK (length(digest) = 32),
    sealed     BLOB NOT NULL,
    expires_at TIMESTAMP NOT NULL CHECK (substr(expires_at, -6) = '+00:00')
);
CREATE INDEX login_flows_expires ON login_flows (expires_at);

CREATE TABLE form_nonces (
    digest     BLOB PRIMARY KEY CHECK (length(digest) = 32),
    object_id  TEXT NOT NULL DEFAULT '',
    expires_at TIMESTAMP NOT NULL CHECK (substr(expires_at, -6) = '+00:00'),
    taken_at   TIMESTAMP CHECK (substr(taken_at, -6) = '+00:00')
);
CREATE INDEX form_nonces_expires ON form_nonces (expires_at);

CREATE TABLE audit_events (
    id          TEXT PRIMARY KEY,
    occurred_at TIMESTAMP NOT NULL CHECK (substr(occurred_at, -6) = '+00:00'),
    actor_kind  TEXT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    action      TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    ip          TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    detail      TEXT NOT NULL
);
CREATE INDEX audit_events_occurred ON audit_events (occurred_at, id);
CREATE INDEX audit_events_object ON audit_events (object_id, occurred_at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, occurred_at, id);
CREATE INDEX audit_events_action ON audit_events (action, occurred_at, id);

CREATE TABLE signing_keys (
    id         TEXT PRIMARY KEY,
    algorithm  TEXT NOT NULL,
    public_jwk BLOB NOT NULL,
    sealed_key BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL CHECK (substr(created_at, -6) = '+00:00'),
    retired_at TIMESTAMP CHECK (substr(retired_at, -6) = '+00:00')
);

CREATE TABLE api_keys (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    secret_digest BLOB NOT NULL UNIQUE CHECK (length(secret_digest) = 32),
    role          TEXT NOT NULL CHECK (role IN ('', 'admin', 'helpdesk')),
    scopes        TEXT NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL CHECK (substr(created_at, -6) = '+00:00'),
    expires_at    TIMESTAMP CHECK (substr(expires_at, -6) = '+00:00'),
    last_used_at  TIMESTAMP CHECK (substr(last_used_at, -6) = '+00:00'),
    revoked_at    TIMESTAMP CHECK (substr(revoked_at, -6) = '+00:00'),
    revoked_by    TEXT NOT NULL
);

CREATE TABLE instance (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- The ledger and the trail only grow.
-- +goose StatementBegin
CREATE TRIGGER redemptions_no_update BEFORE UPDATE ON redemptions
BEGIN
    SELECT RAISE(ABORT, 'redemptions rows are never changed or deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER redemptions_no_delete BEFORE DELETE ON redemptions
BEGIN
    SELECT RAISE(ABORT, 'redemptions rows are never changed or deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reclaims_no_update BEFORE UPDATE ON reclaims
BEGIN
    SELECT RAISE(ABORT, 'reclaims rows are never changed or deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reclaims_no_delete BEFORE DELETE ON reclaims
BEGIN
    SELECT RAISE(ABORT, 'reclaims rows are never changed or deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit_events rows are never changed or deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit_events rows are never changed or deleted');
END;
-- +goose StatementEnd
