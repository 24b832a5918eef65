-- +goose Up
-- Who holds several: what tells devices and people apart (models.DeviceKey,
-- models.PersonKey), and a mark on each auth token that was not alone when it,
-- or a later one, was redeemed. At most one row of a key is in an index "alone".
ALTER TABLE auth_tokens ADD COLUMN device_key TEXT NOT NULL DEFAULT '';
ALTER TABLE auth_tokens ADD COLUMN person_key TEXT NOT NULL DEFAULT '';
ALTER TABLE auth_tokens ADD COLUMN several_on_device BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE auth_tokens ADD COLUMN several_of_person BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE auth_tokens SET
    device_key = CASE WHEN trim(fqdn, '. ') <> '' THEN lower(trim(fqdn, '. '))
        ELSE lower(replace(replace(replace(replace(mac_address, ':', ''), '-', ''), '.', ''), ' ', '')) END,
    person_key = CASE WHEN verified_subject <> '' THEN verified_issuer || ' ' || verified_subject
        ELSE lower(trim(system_user_name)) END;
CREATE INDEX auth_tokens_device_alone ON auth_tokens (device_key, id) WHERE NOT several_on_device AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX auth_tokens_person_alone ON auth_tokens (person_key, id) WHERE NOT several_of_person AND deleted_at IS NULL AND ended_at IS NULL;
UPDATE auth_tokens SET several_on_device = TRUE WHERE device_key <> '' AND deleted_at IS NULL AND ended_at IS NULL AND EXISTS (
    SELECT 1 FROM auth_tokens AS other WHERE other.device_key = auth_tokens.device_key AND other.customer_id = auth_tokens.customer_id
        AND other.id <> auth_tokens.id AND other.deleted_at IS NULL AND other.ended_at IS NULL);
UPDATE auth_tokens SET several_of_person = TRUE WHERE person_key <> '' AND deleted_at IS NULL AND ended_at IS NULL AND EXISTS (
    SELECT 1 FROM auth_tokens AS other WHERE other.person_key = auth_tokens.person_key AND other.customer_id = auth_tokens.customer_id
        AND other.id <> auth_tokens.id AND other.deleted_at IS NULL AND other.ended_at IS NULL);
CREATE INDEX auth_tokens_device_several ON auth_tokens (device_key, id) WHERE several_on_device AND deleted_at IS NULL AND ended_at IS NULL;
CREATE INDEX auth_tokens_person_several ON auth_tokens (person_key, id) WHERE several_of_person AND deleted_at IS NULL AND ended_at IS NULL;
