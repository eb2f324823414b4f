-- +goose Up
-- Owned by package federation.

ALTER TABLE followers ADD COLUMN domain TEXT NOT NULL DEFAULT ''; -- registrable, of host: the places of each are bounded
UPDATE followers SET domain = host; -- as near as SQL comes to it
CREATE INDEX followers_domain ON followers (actor, domain, state);
