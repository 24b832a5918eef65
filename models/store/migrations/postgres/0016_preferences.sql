-- +goose Up
-- How a person wants pages to be shown; an empty text or zero is not chosen.
CREATE TABLE preferences (
    issuer   TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    zone     TEXT COLLATE "C" NOT NULL DEFAULT '',
    language TEXT COLLATE "C" NOT NULL DEFAULT '',
    theme    TEXT COLLATE "C" NOT NULL DEFAULT '',
    rows     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer, subject)
);
