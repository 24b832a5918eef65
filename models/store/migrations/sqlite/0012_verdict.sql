-- +goose Up
-- Each batch of the projection has a number, and so has each row it wrote: a
-- verdict reads only what was written since it last looked.
ALTER TABLE desk_state ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE desk_uses ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
CREATE INDEX desk_uses_batch ON desk_uses (version, registration_token_id, batch);
