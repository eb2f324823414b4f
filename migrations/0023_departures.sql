-- +goose Up
-- Owned by package playlists: accounts that were deleted, so that nothing of theirs comes back, and their addresses say gone.
-- Times are unix milliseconds.

CREATE TABLE departures (
  account_id TEXT PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  named      BOOLEAN NOT NULL, -- it had a handle, so that others knew it
  at         BIGINT NOT NULL
);
CREATE INDEX departures_at ON departures (at);
