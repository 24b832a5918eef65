-- +goose Up
-- PostgreSQL numbers a row before it is written.
SELECT 1;
