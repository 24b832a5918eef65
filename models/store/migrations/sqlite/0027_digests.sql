-- +goose Up
-- PostgreSQL no longer keeps indexes of digests that nobody looks for. SQLite could only
-- do without them in another table, with all rows copied.
SELECT 1;
