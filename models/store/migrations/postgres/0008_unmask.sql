-- +goose Up
-- To whom personal data of which object is shown, and until when.
CREATE TABLE personal_data_grants (
    actor_id    TEXT COLLATE "C" NOT NULL,
    object_kind TEXT COLLATE "C" NOT NULL,
    object_id   TEXT COLLATE "C" NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (actor_id, object_kind, object_id)
);
CREATE INDEX personal_data_grants_expires ON personal_data_grants (expires_at);
