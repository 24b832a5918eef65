-- +goose Up
-- The ledger is the trail of redemptions: they are no longer recorded a second time.
-- Those of before, and of programs that do not know this, have an event of their own.
ALTER TABLE redemptions ADD COLUMN audited_apart BOOLEAN NOT NULL DEFAULT TRUE;

-- What is older than this has an event of its own; so nobody looks for more there. The
-- day is for clocks that do not agree.
CREATE TABLE ledger_is_trail (
    since TIMESTAMP NOT NULL
);
INSERT INTO ledger_is_trail
SELECT COALESCE(strftime('%Y-%m-%d %H:%M:%S+00:00', MAX(created_at), '-1 day'), '0001-01-01 00:00:00+00:00') FROM auth_tokens;

-- Redemptions as the trail tells them. Of auth tokens there are indexes in the order
-- of time. CROSS JOIN begins with them.
CREATE VIEW redeemed_events AS
SELECT a.id, a.created_at AS occurred_at, 'device' AS actor_kind, a.id AS actor_id,
    CASE WHEN r.system_user_name <> '' THEN r.system_user_name ELSE r.fqdn END AS actor_name,
    'registration_token.redeemed' AS action, 'registration_token' AS object_kind, a.registration_token_id AS object_id,
    r.ip, r.request_id,
    '{"authToken":"' || a.id || '","channel":"' || r.channel || '","redemption":"' || r.id || '"}' AS detail
FROM auth_tokens AS a CROSS JOIN redemptions AS r
WHERE r.id = a.redemption_id AND a.created_at >= (SELECT since FROM ledger_is_trail) AND NOT r.audited_apart;
