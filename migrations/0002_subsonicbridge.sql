-- +goose Up
-- Owned by package subsonicbridge. Times are unix milliseconds; 0 means "not". Ids of a music server are remembered
-- references that may change any day: beside each stands what recognises the thing without it.

-- The music server of an account. Its row is also the job "poll this account".
CREATE TABLE subsonic_connections (
  account_id TEXT PRIMARY KEY,
  url        TEXT NOT NULL,
  username   TEXT NOT NULL,
  login      BYTEA NOT NULL, -- Login as JSON, sealed
  server     TEXT NOT NULL, -- Server as JSON
  connected  BIGINT NOT NULL,
  polled     BIGINT NOT NULL, -- the last poll that went well
  due        BIGINT NOT NULL, -- the next poll
  lease      BIGINT NOT NULL, -- until when a process has it in hand
  attempts   BIGINT NOT NULL, -- failures in a row
  last_error TEXT NOT NULL -- a sentence for the person, '' when all is well
);
CREATE INDEX subsonic_connections_due ON subsonic_connections (due);

-- The playlists that an account owns on its music server.
CREATE TABLE subsonic_playlists (
  playlist_id   TEXT PRIMARY KEY, -- playlists.id, chosen before the first Record
  account_id    TEXT NOT NULL,
  server_id     TEXT NOT NULL, -- '' when unknown: the account moved to another server
  name          TEXT NOT NULL,
  content       TEXT NOT NULL, -- hash of the tracks, to know the playlist under a new id; '' before the first fetch
  listing       TEXT NOT NULL, -- what the server's list said at the last fetch
  missing_since BIGINT NOT NULL
);
CREATE UNIQUE INDEX subsonic_playlists_server ON subsonic_playlists (account_id, server_id) WHERE server_id <> '';

-- The newest whole reading of an account's library.
CREATE TABLE subsonic_libraries (
  account_id TEXT PRIMARY KEY,
  generation TEXT NOT NULL, -- of subsonic_songs
  scan_key   TEXT NOT NULL, -- the server's word for "nothing new since"; '' when it has none
  songs      BIGINT NOT NULL,
  digest     TEXT NOT NULL, -- of all songs, in any order
  read_at    BIGINT NOT NULL
);

CREATE TABLE subsonic_songs (
  account_id TEXT NOT NULL,
  generation TEXT NOT NULL, -- begins with the time when its reading began
  song_id    TEXT NOT NULL,
  track_key  TEXT NOT NULL, -- fingerprint, to find the song again under a new id
  track      TEXT NOT NULL, -- JSON
  PRIMARY KEY (account_id, generation, song_id)
);
CREATE INDEX subsonic_songs_key ON subsonic_songs (account_id, generation, track_key);

-- Which song stands for a wanted track, whatever playlist wants it.
CREATE TABLE subsonic_decisions (
  account_id TEXT NOT NULL,
  track_key  TEXT NOT NULL, -- fingerprint of the wanted track
  song_id    TEXT NOT NULL, -- '' when a person said "none of these"
  song_key   TEXT NOT NULL, -- fingerprint of the song
  class      TEXT NOT NULL,
  score      DOUBLE PRECISION NOT NULL,
  decided_by TEXT NOT NULL, -- match, person
  PRIMARY KEY (account_id, track_key)
);

-- A list that we keep on an account's server for a want. Its row is also the job "bring it up to date".
CREATE TABLE subsonic_mirrors (
  want_id     TEXT PRIMARY KEY,
  account_id  TEXT NOT NULL,
  playlist_id TEXT NOT NULL, -- the source, playlists.id
  mark        TEXT NOT NULL, -- random; stands in the list's comment, to know the list under a new id
  due         BIGINT NOT NULL,
  lease       BIGINT NOT NULL,
  attempts    BIGINT NOT NULL,
  error       TEXT NOT NULL, -- a sentence for the person, '' when the last try went well
  state       TEXT NOT NULL,
  note        TEXT NOT NULL, -- a sentence for the person on state
  server_id   TEXT NOT NULL, -- '' while there is no list
  temp_name   TEXT NOT NULL, -- the unique name of a list that is being made
  retired_id  TEXT NOT NULL, -- a list of ours that must still be deleted
  name        TEXT NOT NULL, -- as last written
  comment     TEXT NOT NULL, -- as last written
  revision    BIGINT NOT NULL, -- of the source, as last written
  source_rows BIGINT NOT NULL, -- rows of that revision
  accepted    BIGINT NOT NULL, -- the revision that a person let shrink
  written     TEXT NOT NULL, -- JSON: the entries as last written
  pending     TEXT NOT NULL, -- JSON: the entries of a write that began and has not ended
  refused     TEXT NOT NULL -- JSON: songs that the person took out of the list
);
CREATE INDEX subsonic_mirrors_due ON subsonic_mirrors (due);
CREATE INDEX subsonic_mirrors_account ON subsonic_mirrors (account_id);

-- How each row of a wanted playlist was last resolved, for the review page.
CREATE TABLE subsonic_resolutions (
  want_id    TEXT NOT NULL,
  place      BIGINT NOT NULL, -- from 0
  item       TEXT NOT NULL, -- Track.Item
  track      TEXT NOT NULL, -- JSON
  decided_by TEXT NOT NULL, -- match, memory, person
  class      TEXT NOT NULL,
  song_id    TEXT NOT NULL,
  score      DOUBLE PRECISION NOT NULL,
  why        TEXT NOT NULL, -- JSON
  candidates TEXT NOT NULL, -- JSON
  PRIMARY KEY (want_id, place)
);
