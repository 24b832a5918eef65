-- +goose Up
-- The words that the desk finds rows by (models/words), clustered by word and, in it,
-- by id, which sorts by time. The form says where the word occurs: 0 whether
-- addresses are masked or not, 1 only where they are not, 2 only where they are; 3 is
-- a whole value. Those of auth tokens are derived with desk_uses, which has them too.
CREATE TABLE desk_words (
    version BIGINT NOT NULL,
    form    SMALLINT NOT NULL,
    word    TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (version, form, word, id)
);
ALTER TABLE desk_uses ADD COLUMN words TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Those of registration tokens (1), refused attempts (2) and notes (3).
CREATE TABLE search_words (
    kind SMALLINT NOT NULL,
    form SMALLINT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    id   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, form, word, id)
);
-- By which rules all of them were last cut.
CREATE TABLE search_rules (rules INTEGER NOT NULL);
INSERT INTO search_rules (rules) VALUES (0);

DROP INDEX registration_tokens_search_label;
DROP INDEX refused_attempts_search_person;
DROP INDEX refused_attempts_search_host;
DROP INDEX refused_attempts_search_email;
