-- +goose Up
-- Owned by package web. Times are unix milliseconds; 0 means "not".

-- Links by which administrators let people in, once each.
CREATE TABLE invitations (
  id         TEXT PRIMARY KEY,
  token      TEXT NOT NULL UNIQUE, -- SHA-256 of the secret in the link
  invited_by TEXT NOT NULL, -- accounts.id
  for_whom   TEXT NOT NULL, -- as the administrator noted
  home       BOOLEAN NOT NULL, -- the music server may stand in the home network
  expires    BIGINT NOT NULL,
  used       BIGINT NOT NULL
);

-- Sessions know whose they are and since when, so that all of somebody's can end. Those that there are do not.
DELETE FROM sessions;
ALTER TABLE sessions ADD COLUMN account_id TEXT NOT NULL DEFAULT ''; -- '' when nobody is signed in
ALTER TABLE sessions ADD COLUMN since BIGINT NOT NULL DEFAULT 0; -- when they signed in

-- When somebody last ended all their sessions. What a request that began before still writes does not revive one.
CREATE TABLE sign_outs (
  account_id TEXT PRIMARY KEY,
  at         BIGINT NOT NULL
);
