-- +goose Up
-- E-mail entries of the expected list are met only by who is signed in. Those that
-- are there keep being met by a reported user name too, until an administrator
-- settles them (models.Expectation.ByClaim).
ALTER TABLE expectations ADD COLUMN by_claim BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE expectations SET by_claim = TRUE WHERE kind = 'email';
CREATE INDEX expectations_by_claim ON expectations (registration_token_id) WHERE by_claim;
