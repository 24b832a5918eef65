-- +goose Up
-- Lists and counts of what has ended. Redeeming and refreshing write none of them.
CREATE INDEX auth_tokens_deleted ON auth_tokens (created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX auth_tokens_ended ON auth_tokens (created_at, id) WHERE ended_at IS NOT NULL AND deleted_at IS NULL;
