-- +goose Up
-- A new auth token is compared with those that foreign keys name already: without an
-- index each redemption read all kept answers, and all of the expected.
CREATE INDEX kept_answers_auth_token ON kept_answers (auth_token_id);
CREATE INDEX expectations_first_auth_token ON expectations (first_auth_token_id) WHERE first_auth_token_id IS NOT NULL;
