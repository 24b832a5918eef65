-- +goose Up
-- To whom personal data of which object is shown, and until when.
CREATE TABLE personal_data_grants (
    actor_id    TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    expires_at  TIMESTAMP NOT NULL CHECK (substr(expires_at, -6) = '+00:00'),
    PRIMARY KEY (actor_id, object_kind, object_id)
);
CREATE INDEX personal_data_grants_expires ON personal_data_grants (expires_at);
