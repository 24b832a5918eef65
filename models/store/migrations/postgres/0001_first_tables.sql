-- +goose Up
-- Texts that lists sort by, and ids, compare by bytes, as they do on SQLite.
CREATE TABLE customers (
    id         TEXT COLLATE "C" PRIMARY KEY,
    identifier TEXT COLLATE "C" NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
INSERT INTO customers (id, identifier, name, created_at)
VALUES ('default', 'default', 'Default', now());

CREATE TABLE registration_tokens (
    id               TEXT COLLATE "C" PRIMARY KEY,
    customer_id      TEXT COLLATE "C" NOT NULL REFERENCES customers (id),
    identifier       TEXT COLLATE "C" NOT NULL,
    ref_id_1         TEXT NOT NULL,
    ref_id_2         TEXT NOT NULL,
    note             TEXT NOT NULL,
    secret_digest    BYTEA NOT NULL UNIQUE CHECK (octet_length(secret_digest) = 32),
    hint             TEXT NOT NULL,
    count            INTEGER NOT NULL CHECK (count BETWEEN 1 AND 1000000),
    used_count       INTEGER NOT NULL DEFAULT 0,
    redemption_count INTEGER NOT NULL DEFAULT 0,
    refused_count    INTEGER NOT NULL DEFAULT 0 CHECK (refused_count >= 0),
    expires_at       TIMESTAMPTZ NOT NULL,
    disabled_at      TIMESTAMPTZ,
    disabled_by      TEXT NOT NULL,
    deleted_at       TIMESTAMPTZ,
    deleted_by       TEXT NOT NULL,
    replaces_id      TEXT COLLATE "C" REFERENCES registration_tokens (id),
    replaced_by_id   TEXT COLLATE "C" REFERENCES registration_tokens (id) DEFERRABLE INITIALLY DEFERRED,
    replaced_at      TIMESTAMPTZ,
    created_by       TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    updated_at       TIMESTAMPTZ NOT NULL,
    last_redeemed_at TIMESTAMPTZ,
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
    id                    TEXT COLLATE "C" PRIMARY KEY,
    registration_token_id TEXT COLLATE "C" NOT NULL REFERENCES registration_tokens (id),
    use_number            INTEGER NOT NULL CHECK (use_number >= 1),
    auth_token_id         TEXT COLLATE "C" NOT NULL UNIQUE,
    redeemed_at           TIMESTAMPTZ NOT NULL,
    system_user_name      TEXT COLLATE "C" NOT NULL,
    fqdn                  TEXT COLLATE "C" NOT NULL,
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
    id                    TEXT COLLATE "C" PRIMARY KEY,
    registration_token_id TEXT COLLATE "C" NOT NULL REFERENCES registration_tokens (id),
    redemption_id         TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES redemptions (id),
    customer_id           TEXT COLLATE "C" NOT NULL REFERENCES customers (id),
    system_user_name      TEXT COLLATE "C" NOT NULL,
    fqdn                  TEXT COLLATE "C" NOT NULL,
    mac_address           TEXT NOT NULL,
    identifier            TEXT NOT NULL,
    ref_id_1              TEXT NOT NULL,
    ref_id_2              TEXT NOT NULL,
    verified_issuer       TEXT NOT NULL,
    verified_subject      TEXT NOT NULL,
    verified_email        TEXT NOT NULL,
    ip                    TEXT NOT NULL,
    user_agent            TEXT NOT NULL,
    created_at            TIMESTAMPTZ NOT NULL,
    last_seen_at          TIMESTAMPTZ NOT NULL,
    last_seen_ip          TEXT NOT NULL,
    first_used_at         TIMESTAMPTZ,
    generation            INTEGER NOT NULL CHECK (generation >= 1),
    family_digest         BYTEA NOT NULL UNIQUE CHECK (octet_length(family_digest) = 32),
    refresh_digest        BYTEA NOT NULL UNIQUE CHECK (octet_length(refresh_digest) = 32),
    previous_digest       BYTEA CHECK (octet_length(previous_digest) = 32),
    sealed_successor      BYTEA,
    rotated_at            TIMESTAMPTZ,
    idle_expires_at       TIMESTAMPTZ NOT NULL,
    ended_at              TIMESTAMPTZ,
    end_reason            TEXT NOT NULL,
    deleted_at            TIMESTAMPTZ,
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

ALTER TABLE redemptions
    ADD CONSTRAINT redemptions_auth_token FOREIGN KEY (auth_token_id) REFERENCES auth_tokens (id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE reclaims (
    id                    TEXT COLLATE "C" PRIMARY KEY,
    registration_token_id TEXT COLLATE "C" NOT NULL REFERENCES registration_tokens (id),
    redemption_id         TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES redemptions (id),
    auth_token_id         TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES auth_tokens (id),
    reclaimed_at          TIMESTAMPTZ NOT NULL,
    reclaimed_by          TEXT NOT NULL,
    reason                TEXT NOT NULL
);
CREATE INDEX reclaims_registration_token ON reclaims (registration_token_id, reclaimed_at);

CREATE TABLE refused_attempts (
    id                    TEXT COLLATE "C" PRIMARY KEY,
    support_code          TEXT COLLATE "C" NOT NULL UNIQUE,
    registration_token_id TEXT COLLATE "C" REFERENCES registration_tokens (id),
    reason                TEXT NOT NULL,
    attempted_at          TIMESTAMPTZ NOT NULL,
    system_user_name      TEXT COLLATE "C" NOT NULL,
    fqdn                  TEXT COLLATE "C" NOT NULL,
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
    registration_token_id TEXT COLLATE "C" NOT NULL REFERENCES registration_tokens (id),
    key_digest            BYTEA NOT NULL CHECK (octet_length(key_digest) = 32),
    request_digest        BYTEA NOT NULL CHECK (octet_length(request_digest) = 32),
    auth_token_id         TEXT COLLATE "C" NOT NULL REFERENCES auth_tokens (id) DEFERRABLE INITIALLY DEFERRED,
    sealed                BYTEA NOT NULL,
    created_at            TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (registration_token_id, key_digest)
);
CREATE INDEX kept_answers_created ON kept_answers (created_at);

CREATE TABLE sessions (
    digest          BYTEA PRIMARY KEY CHECK (octet_length(digest) = 32),
    issuer          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    email           TEXT NOT NULL,
    name            TEXT NOT NULL,
    role            TEXT NOT NULL,
    sealed_id_token BYTEA,
    notice          TEXT NOT NULL,
    notice_kind     TEXT NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    last_active_at  TIMESTAMPTZ NOT NULL,
    expires_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE login_flows (
    digest     BYTEA PRIMARY KEY CHECK (octet_length(digest) = 32),
    sealed     BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX login_flows_expires ON login_flows (expires_at);

CREATE TABLE form_nonces (
    digest     BYTEA PRIMARY KEY CHECK (octet_length(digest) = 32),
    object_id  TEXT COLLATE "C" NOT NULL DEFAULT '',
    expires_at TIMESTAMPTZ NOT NULL,
    taken_at   TIMESTAMPTZ
);
CREATE INDEX form_nonces_expires ON form_nonces (expires_at);

CREATE TABLE audit_events (
    id          TEXT COLLATE "C" PRIMARY KEY,
    occurred_at TIMESTAMPTZ NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    action      TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   TEXT COLLATE "C" NOT NULL,
    ip          TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    detail      TEXT NOT NULL
);
CREATE INDEX audit_events_occurred ON audit_events (occurred_at, id);
CREATE INDEX audit_events_object ON audit_events (object_id, occurred_at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, occurred_at, id);
CREATE INDEX audit_events_action ON audit_events (action, occurred_at, id);

CREATE TABLE signing_keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    algorithm  TEXT NOT NULL,
    public_jwk BYTEA NOT NULL,
    sealed_key BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ
);

CREATE TABLE api_keys (
    id            TEXT COLLATE "C" PRIMARY KEY,
    name          TEXT NOT NULL,
    secret_digest BYTEA NOT NULL UNIQUE CHECK (octet_length(secret_digest) = 32),
    role          TEXT NOT NULL CHECK (role IN ('', 'admin', 'helpdesk')),
    scopes        TEXT NOT NULL,
    created_by    TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ,
    last_used_at  TIMESTAMPTZ,
    revoked_at    TIMESTAMPTZ,
    revoked_by    TEXT NOT NULL
);

CREATE TABLE instance (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT NOT NULL
);

-- The ledger and the trail only grow.
-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER redemptions_no_change BEFORE UPDATE OR DELETE ON redemptions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER redemptions_no_truncate BEFORE TRUNCATE ON redemptions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reclaims_no_change BEFORE UPDATE OR DELETE ON reclaims
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reclaims_no_truncate BEFORE TRUNCATE ON reclaims
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
