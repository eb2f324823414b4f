-- +goose Up
-- Times are unix milliseconds; 0 means "not". Ids are TEXT made in Go. Owned by package playlists.

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  n    BIGINT NOT NULL
);
INSERT INTO counters (name, n) VALUES ('journal', 0);

CREATE TABLE accounts (
  id           TEXT PRIMARY KEY,
  handle       TEXT NOT NULL UNIQUE,
  public_id    TEXT NOT NULL UNIQUE, -- last part of the account's ActivityPub id
  name         TEXT NOT NULL,
  language     TEXT NOT NULL,
  max_audience TEXT NOT NULL,
  admin        BOOLEAN NOT NULL,
  created      BIGINT NOT NULL
);

-- One namespace for accounts and published playlists. A row is never deleted, so no handle is given out twice.
CREATE TABLE handles (
  handle     TEXT PRIMARY KEY,
  account_id TEXT NOT NULL, -- '' when it is a playlist's
  public_id  TEXT NOT NULL, -- '' when it is an account's
  created    BIGINT NOT NULL,
  retired    BIGINT NOT NULL
);

CREATE TABLE playlists (
  id        TEXT PRIMARY KEY,
  owner     TEXT NOT NULL, -- accounts.id, '' for one read from another bridge
  origin    TEXT NOT NULL, -- local, remote, file
  source    TEXT NOT NULL, -- remote: the collection's id; else ''
  revision  BIGINT NOT NULL, -- the newest; 0 before the first
  withdrawn BIGINT NOT NULL  -- remote: since when the origin says it is gone
);
CREATE UNIQUE INDEX playlists_source ON playlists (source) WHERE source <> '';
CREATE INDEX playlists_owner ON playlists (owner);

CREATE TABLE revisions (
  playlist_id    TEXT NOT NULL,
  revision       BIGINT NOT NULL,
  hash           TEXT NOT NULL, -- of the content, to recognise "nothing changed"
  name           TEXT NOT NULL,
  summary        TEXT NOT NULL,
  curator_name   TEXT NOT NULL,
  curator_handle TEXT NOT NULL,
  page           TEXT NOT NULL, -- address of the page for people, '' when there is none
  tracks         TEXT NOT NULL, -- JSON
  track_count    BIGINT NOT NULL,
  duration       BIGINT NOT NULL, -- seconds
  at             BIGINT NOT NULL,
  PRIMARY KEY (playlist_id, revision)
);

CREATE TABLE publications (
  public_id   TEXT PRIMARY KEY, -- last part of the playlist's ActivityPub ids
  playlist_id TEXT NOT NULL,
  handle      TEXT NOT NULL, -- '' for audience link
  token       TEXT NOT NULL, -- '' unless audience link
  audience    TEXT NOT NULL,
  since       BIGINT NOT NULL,
  changed     BIGINT NOT NULL,
  retired     BIGINT NOT NULL
);
CREATE UNIQUE INDEX publications_live ON publications (playlist_id) WHERE retired = 0;
CREATE UNIQUE INDEX publications_token ON publications (token) WHERE token <> '';

CREATE TABLE journal (
  seq         BIGINT PRIMARY KEY, -- from counters, in the change's own transaction: no gap can fill later
  playlist_id TEXT NOT NULL,
  revision    BIGINT NOT NULL,
  origin      TEXT NOT NULL,
  kind        TEXT NOT NULL,
  public_id   TEXT NOT NULL, -- the publication that a published, audience or withdrawn change is about
  at          BIGINT NOT NULL
);

CREATE TABLE readers (
  name TEXT PRIMARY KEY,
  seq  BIGINT NOT NULL -- the last finished change
);

CREATE TABLE wants (
  id          TEXT PRIMARY KEY,
  account_id  TEXT NOT NULL,
  playlist_id TEXT NOT NULL,
  target      TEXT NOT NULL, -- as the person gave it
  mode        TEXT NOT NULL, -- sync, once
  pinned      BIGINT NOT NULL, -- once: the revision to copy
  on_withdraw TEXT NOT NULL, -- keep, drop
  granted     BOOLEAN NOT NULL, -- the owner lets this account see it
  found       BIGINT NOT NULL,
  total       BIGINT NOT NULL,
  ended       BIGINT NOT NULL, -- the source is gone or the person stopped it
  created     BIGINT NOT NULL
);
CREATE UNIQUE INDEX wants_sync ON wants (account_id, playlist_id) WHERE mode = 'sync' AND ended = 0;
CREATE INDEX wants_playlist ON wants (playlist_id);

