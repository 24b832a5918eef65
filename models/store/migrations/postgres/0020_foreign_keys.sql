-- +goose Up
-- Only SQLite looks for the children of a new row; this keeps the numbers in step.
SELECT 1;
