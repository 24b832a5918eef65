-- +goose Up
-- Programs that know the schema from this version on work with it as it is now. A
-- step that they cannot live with raises it to its own version; one that only adds
-- leaves it, so that a release and the next one can serve side by side.
CREATE TABLE schema_serves (oldest INTEGER NOT NULL);
INSERT INTO schema_serves (oldest) VALUES (21);
