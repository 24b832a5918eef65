-- +goose Up
-- How a person wants pages to be shown; an empty text or zero is not chosen.
CREATE TABLE preferences (
    issuer   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    zone     TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    theme    TEXT NOT NULL DEFAULT '',
    rows     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer, subject)
);
