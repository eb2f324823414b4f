-- +goose Up
-- Owned by package subsonicbridge. Times are unix milliseconds.

-- Pages of music servers themselves on which a published playlist can be heard, because its owner wants that.
CREATE TABLE subsonic_listens (
  playlist_id TEXT PRIMARY KEY,
  account_id  TEXT NOT NULL,
  publication TEXT NOT NULL, -- public id of the one that the owner said yes for
  audience    TEXT NOT NULL, -- that it had then
  share_id    TEXT NOT NULL, -- the server's
  url         TEXT NOT NULL,
  expires     BIGINT NOT NULL
);
