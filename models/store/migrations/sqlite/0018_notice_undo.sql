-- +goose Up
-- A notice can offer to take back what a call changed; it has the call's request id.
ALTER TABLE sessions ADD COLUMN notice_undo TEXT NOT NULL DEFAULT '';
