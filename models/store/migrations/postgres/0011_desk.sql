-- +goose Up
-- What the desk asks is derived from the auth tokens (models/store/projection), which
-- follows them in the order of this number: the transaction that changed a row last.
-- A trigger sets it, so that no statement can forget to.
ALTER TABLE auth_tokens ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX auth_tokens_changed ON auth_tokens (changed, id);
-- +goose StatementBegin
CREATE FUNCTION number_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER auth_tokens_changed BEFORE INSERT OR UPDATE ON auth_tokens
    FOR EACH ROW EXECUTE FUNCTION number_change();

-- Each version has rows of its own in the tables below, so that a new one is built
-- beside the one that is read. The checkpoint is the last change that is in it.
CREATE TABLE desk_state (
    version       BIGINT PRIMARY KEY,
    rules         INTEGER NOT NULL,
    fingerprint   TEXT COLLATE "C" NOT NULL,
    changed       BIGINT NOT NULL DEFAULT 0,
    auth_token_id TEXT COLLATE "C" NOT NULL DEFAULT '',
    whole         BOOLEAN NOT NULL DEFAULT FALSE
);

-- Work that did not fit into the transaction it came from: a local name whose
-- sightings, or a sighting whose uses, are yet to be brought up to date.
CREATE TABLE desk_pending (
    version        BIGINT NOT NULL,
    customer_id    TEXT COLLATE "C" NOT NULL,
    local          TEXT COLLATE "C" NOT NULL,
    sighting_id    BIGINT NOT NULL,
    after_sighting BIGINT NOT NULL,
    after_use      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (version, customer_id, local, sighting_id)
);

-- The domains and subjects under which a local name is known.
CREATE TABLE desk_names (
    version     BIGINT NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    local       TEXT COLLATE "C" NOT NULL,
    domain      TEXT COLLATE "C" NOT NULL,
    subject     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (version, customer_id, local, domain, subject)
);

-- Each distinct thing that uses of a customer said about who and where, and who
-- that is. The digest is that of the parsed fields.
CREATE TABLE desk_sightings (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version     BIGINT NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    local       TEXT COLLATE "C" NOT NULL,
    domain      TEXT COLLATE "C" NOT NULL,
    subject     TEXT COLLATE "C" NOT NULL,
    is_nobody   BOOLEAN NOT NULL,
    account     TEXT COLLATE "C" NOT NULL,
    label       TEXT COLLATE "C" NOT NULL,
    host        TEXT COLLATE "C" NOT NULL,
    mac         TEXT COLLATE "C" NOT NULL,
    person      TEXT COLLATE "C" NOT NULL,
    device      TEXT COLLATE "C" NOT NULL,
    nobody      BOOLEAN NOT NULL,
    vague       BOOLEAN NOT NULL,
    CONSTRAINT desk_sightings_once UNIQUE (version, customer_id, digest)
);
CREATE INDEX desk_sightings_label ON desk_sightings (version, customer_id, label, id) WHERE label <> '';
CREATE INDEX desk_sightings_mac ON desk_sightings (version, customer_id, mac, label, id) WHERE mac <> '';
CREATE INDEX desk_sightings_person ON desk_sightings (version, customer_id, label, local, id) WHERE label <> '';
CREATE INDEX desk_sightings_local ON desk_sightings (version, customer_id, local, id) WHERE local <> '';

-- One row for each auth token. Columns that auth_tokens has too are named as there;
-- user name, host name and e-mail are folded.
CREATE TABLE desk_uses (
    version               BIGINT NOT NULL,
    id                    TEXT COLLATE "C" NOT NULL,
    registration_token_id TEXT COLLATE "C" NOT NULL,
    customer_id           TEXT COLLATE "C" NOT NULL,
    system_user_name      TEXT COLLATE "C" NOT NULL,
    fqdn                  TEXT COLLATE "C" NOT NULL,
    mac_address           TEXT COLLATE "C" NOT NULL,
    identifier            TEXT COLLATE "C" NOT NULL,
    ref_id_1              TEXT COLLATE "C" NOT NULL,
    ref_id_2              TEXT COLLATE "C" NOT NULL,
    verified_email        TEXT COLLATE "C" NOT NULL,
    ip                    TEXT COLLATE "C" NOT NULL,
    created_at            TIMESTAMPTZ NOT NULL,
    last_seen_at          TIMESTAMPTZ NOT NULL,
    idle_expires_at       TIMESTAMPTZ NOT NULL,
    ended_at              TIMESTAMPTZ,
    deleted_at            TIMESTAMPTZ,
    generation            INTEGER NOT NULL,
    count_reclaimed       BOOLEAN NOT NULL,
    unexpected            BOOLEAN NOT NULL,
    sighting_id           BIGINT NOT NULL,
    person                TEXT COLLATE "C" NOT NULL,
    device                TEXT COLLATE "C" NOT NULL,
    nobody                BOOLEAN NOT NULL,
    vague                 BOOLEAN NOT NULL,
    account               TEXT COLLATE "C" NOT NULL,
    network               TEXT COLLATE "C" NOT NULL,
    domain                TEXT COLLATE "C" NOT NULL,
    several_on_device     BOOLEAN NOT NULL,
    several_of_person     BOOLEAN NOT NULL,
    PRIMARY KEY (version, id)
);
CREATE INDEX desk_uses_created ON desk_uses (version, created_at, id);
CREATE INDEX desk_uses_last_seen ON desk_uses (version, last_seen_at, id);
CREATE INDEX desk_uses_system_user_name ON desk_uses (version, system_user_name, id);
CREATE INDEX desk_uses_fqdn ON desk_uses (version, fqdn, id);
CREATE INDEX desk_uses_of_user ON desk_uses (version, system_user_name, created_at, id) WHERE system_user_name <> '';
CREATE INDEX desk_uses_of_host ON desk_uses (version, fqdn, created_at, id) WHERE fqdn <> '';
CREATE INDEX desk_uses_email ON desk_uses (version, verified_email, id) WHERE verified_email <> '';
CREATE INDEX desk_uses_registration_token ON desk_uses (version, registration_token_id, created_at, id);
CREATE INDEX desk_uses_customer ON desk_uses (version, customer_id, created_at, id);
CREATE INDEX desk_uses_ip ON desk_uses (version, ip, created_at, id) WHERE ip <> '';
CREATE INDEX desk_uses_mac_address ON desk_uses (version, mac_address, created_at, id) WHERE mac_address <> '';
CREATE INDEX desk_uses_identifier ON desk_uses (version, identifier, created_at, id) WHERE identifier <> '';
CREATE INDEX desk_uses_ref_id_1 ON desk_uses (version, ref_id_1, created_at, id) WHERE ref_id_1 <> '';
CREATE INDEX desk_uses_ref_id_2 ON desk_uses (version, ref_id_2, created_at, id) WHERE ref_id_2 <> '';
CREATE INDEX desk_uses_never_refreshed ON desk_uses (version, created_at, id) WHERE generation = 1 AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX desk_uses_unexpected ON desk_uses (version, created_at, id) WHERE unexpected AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX desk_uses_unexpected_of ON desk_uses (version, registration_token_id, created_at, id) WHERE unexpected AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX desk_uses_sighting ON desk_uses (sighting_id, id);
-- Of each device and person at most one row is in an index "alone".
CREATE INDEX desk_uses_device_alone ON desk_uses (version, device, id) WHERE device <> '' AND NOT vague AND NOT several_on_device AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX desk_uses_device_several ON desk_uses (version, device, id) WHERE several_on_device AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX desk_uses_person_alone ON desk_uses (version, person, id) WHERE person <> '' AND NOT several_of_person AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX desk_uses_person_several ON desk_uses (version, person, id) WHERE several_of_person AND deleted_at IS NULL AND ended_at IS NULL;

-- The rest of what auth_tokens had for the desk. What is left is for redeeming,
-- refreshing, paging by time, and a person's own auth tokens.
DROP INDEX auth_tokens_last_seen;
DROP INDEX auth_tokens_system_user_name;
DROP INDEX auth_tokens_fqdn;
DROP INDEX auth_tokens_customer;
DROP INDEX auth_tokens_ip;
DROP INDEX auth_tokens_mac_address;
DROP INDEX auth_tokens_identifier;
DROP INDEX auth_tokens_ref_id_1;
DROP INDEX auth_tokens_ref_id_2;
DROP INDEX auth_tokens_never_refreshed;
DROP INDEX auth_tokens_search_person;
DROP INDEX auth_tokens_search_host;
DROP INDEX auth_tokens_search_email;
DROP INDEX auth_tokens_unexpected;
DROP INDEX auth_tokens_unexpected_of;
DROP INDEX auth_tokens_device_alone;
DROP INDEX auth_tokens_device_several;
DROP INDEX auth_tokens_person_alone;
DROP INDEX auth_tokens_person_several;
ALTER TABLE auth_tokens DROP COLUMN device_key;
ALTER TABLE auth_tokens DROP COLUMN person_key;
ALTER TABLE auth_tokens DROP COLUMN network_key;
ALTER TABLE auth_tokens DROP COLUMN domain_key;
ALTER TABLE auth_tokens DROP COLUMN several_on_device;
ALTER TABLE auth_tokens DROP COLUMN several_of_person;
