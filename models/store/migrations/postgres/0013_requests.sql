-- +goose Up
-- Remedies that somebody asks for and an administrator decides on
-- (models.Request), and what was written down about an object (models.Note).
CREATE TABLE requests (
    id                    TEXT COLLATE "C" PRIMARY KEY,
    registration_token_id TEXT COLLATE "C" NOT NULL REFERENCES registration_tokens (id),
    remedy_kind           TEXT NOT NULL CHECK (remedy_kind IN ('raise', 'give_back', 'delete_surplus', 'delete', 'replace', 'extend', 'enable')),
    remedy_count          INTEGER CHECK (remedy_count > 0),
    remedy_finding        TEXT NOT NULL,
    remedy_auth_tokens    TEXT,
    remedy_return_count   BOOLEAN NOT NULL,
    remedy_expires_at     TIMESTAMPTZ,
    remedy_key            TEXT COLLATE "C" NOT NULL,
    count_before          INTEGER NOT NULL,
    proposed_before       INTEGER,
    reason                TEXT NOT NULL,
    ticket                TEXT NOT NULL,
    state                 TEXT NOT NULL CHECK (state IN ('open', 'approved', 'declined', 'withdrawn', 'lapsed')),
    created_by            TEXT NOT NULL,
    created_by_id         TEXT COLLATE "C" NOT NULL,
    created_at            TIMESTAMPTZ NOT NULL,
    decided_by            TEXT NOT NULL,
    decided_at            TIMESTAMPTZ,
    decision              TEXT NOT NULL,
    decided_count         INTEGER CHECK (decided_count > 0),
    CONSTRAINT requests_decided CHECK ((decided_at IS NULL) = (state = 'open'))
);
-- The same thing is asked for once at a time.
CREATE UNIQUE INDEX requests_open_once ON requests (registration_token_id, remedy_key) WHERE state = 'open';
CREATE INDEX requests_state ON requests (state, id);
CREATE INDEX requests_of ON requests (registration_token_id, id);
CREATE INDEX requests_created_by ON requests (created_by_id, id);

CREATE TABLE notes (
    id          TEXT COLLATE "C" PRIMARY KEY,
    object_kind TEXT NOT NULL CHECK (object_kind IN ('registration_token', 'auth_token', 'refused_attempt')),
    object_id   TEXT COLLATE "C" NOT NULL,
    text        TEXT NOT NULL,
    ticket      TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    CONSTRAINT notes_say_something CHECK (text <> '' OR ticket <> '')
);
CREATE INDEX notes_object ON notes (object_kind, object_id, id);
