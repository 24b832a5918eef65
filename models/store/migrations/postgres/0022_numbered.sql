-- +goose Up
-- The trigger of PostgreSQL numbers a row before it is written.
SELECT 1;
