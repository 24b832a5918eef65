-- +goose Up
-- A new auth token that has the number of its change already is not written again for
-- it: what is inserted by many redemptions at once is numbered by that statement.
DROP TRIGGER auth_tokens_inserted;
-- +goose StatementBegin
CREATE TRIGGER auth_tokens_inserted AFTER INSERT ON auth_tokens WHEN NEW.changed = 0
BEGIN
    UPDATE auth_tokens SET changed = (SELECT MAX(changed) + 1 FROM auth_tokens) WHERE id = NEW.id;
END;
-- +goose StatementEnd
UPDATE schema_serves SET oldest = 22;
