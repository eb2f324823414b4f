-- +goose Up
-- Owned by package playlists.

-- What owners lay over playlists of theirs. The newest version is made of this and of what the music server said last,
-- which is kept here too; a playlist without a row is as the server has it.
CREATE TABLE overlays (
  playlist_id    TEXT PRIMARY KEY,
  title          TEXT NOT NULL, -- '' for the server's name
  liner          TEXT NOT NULL, -- Markdown; '' for the server's comment
  language       TEXT NOT NULL, -- BCP 47; '' for the account's
  row_edits      TEXT NOT NULL, -- JSON: notes and left-out tracks, by what a track is
  server_name    TEXT NOT NULL,
  server_summary TEXT NOT NULL,
  server_tracks  TEXT NOT NULL -- JSON
);

ALTER TABLE revisions ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- of the playlist's words, BCP 47; '' when nobody said so
