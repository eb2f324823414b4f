-- +goose Up
-- Owned by package playlists. The handle of an account that has chosen none is '~' and its id, which nobody can choose.
-- Times are unix milliseconds.

ALTER TABLE accounts ADD COLUMN child BOOLEAN NOT NULL DEFAULT FALSE; -- has no public handle, and asks before it shares
ALTER TABLE accounts ADD COLUMN guardian TEXT NOT NULL DEFAULT ''; -- accounts.id of whom a child asks; '' for any administrator

-- What children ask to share.
CREATE TABLE asks (
  id          TEXT PRIMARY KEY,
  account_id  TEXT NOT NULL,
  playlist_id TEXT NOT NULL UNIQUE,
  audience    TEXT NOT NULL,
  at          BIGINT NOT NULL
);
CREATE INDEX asks_account ON asks (account_id);
