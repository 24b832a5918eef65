-- +goose Up
-- Nobody looks for an auth token by these digests, which are of 160 random bits and more:
-- each redemption and each refresh paid for entries at random places of two indexes.
ALTER TABLE auth_tokens DROP CONSTRAINT auth_tokens_family_digest_key, DROP CONSTRAINT auth_tokens_refresh_digest_key;
