-- +goose Up
-- What uses are grouped by besides device and person: models.NetworkOf and
-- models.DomainOf. The next step fills them in for the rows there are.
ALTER TABLE auth_tokens ADD COLUMN network_key TEXT NOT NULL DEFAULT '';
ALTER TABLE auth_tokens ADD COLUMN domain_key TEXT NOT NULL DEFAULT '';
