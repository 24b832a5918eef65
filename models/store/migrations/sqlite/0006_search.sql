-- +goose Up
-- What the investigation desk searches by: a whole value or its beginning,
-- whatever the case. Ids sort by time, so the newest come first.
CREATE INDEX auth_tokens_search_person ON auth_tokens (lower(system_user_name), id) WHERE system_user_name <> '';
CREATE INDEX auth_tokens_search_host ON auth_tokens (lower(fqdn), id) WHERE fqdn <> '';
CREATE INDEX auth_tokens_search_email ON auth_tokens (lower(verified_email), id) WHERE verified_email <> '';
CREATE INDEX registration_tokens_search_label ON registration_tokens (lower(identifier), id) WHERE identifier <> '';
CREATE INDEX refused_attempts_search_person ON refused_attempts (lower(system_user_name), id) WHERE system_user_name <> '';
CREATE INDEX refused_attempts_search_host ON refused_attempts (lower(fqdn), id) WHERE fqdn <> '';
CREATE INDEX refused_attempts_search_email ON refused_attempts (lower(verified_email), id) WHERE verified_email <> '';
CREATE INDEX refused_attempts_ip ON refused_attempts (ip, id) WHERE ip <> '';
CREATE INDEX refused_attempts_mac_address ON refused_attempts (mac_address, id) WHERE mac_address <> '';
