-- +goose Up
-- Covers of playlists. Owned by package playlists.

ALTER TABLE playlists ADD COLUMN cover_wanted BOOLEAN NOT NULL DEFAULT FALSE; -- the owner wants one to be shown
ALTER TABLE playlists ADD COLUMN cover_changed BIGINT NOT NULL DEFAULT 0; -- when one last came, changed or went

-- The cover of a published playlist whose owner wants one. Its row is also the job "make it again".
CREATE TABLE covers (
  playlist_id TEXT PRIMARY KEY,
  revision    BIGINT NOT NULL, -- the newest version that it was made for
  hash        TEXT NOT NULL, -- of jpeg; '' when it is empty
  due         BIGINT NOT NULL, -- when to look for it again although no version is newer
  jpeg        BYTEA NOT NULL -- empty when there is none to be had; last, because SQLite reads through it to what follows
);
