-- +goose Up
-- Owned by package subsonicbridge.

-- What people decided about tracks, whatever playlists have them. It is kept by what the track and the file are, not by
-- ids, and is dropped by nothing but the person.
CREATE TABLE subsonic_choices (
  id         TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  track      TEXT NOT NULL, -- JSON: the wanted track, as it was when they decided
  title_key  TEXT NOT NULL, -- of track
  mbid       TEXT NOT NULL, -- of track
  keyed      BIGINT NOT NULL, -- version of the rules that made title_key
  song       TEXT NOT NULL, -- JSON: the file, as it was when they decided; '' for "none of these"
  song_id    TEXT NOT NULL, -- its last known id
  song_key   TEXT NOT NULL, -- fingerprint of the file that had this id
  at         BIGINT NOT NULL
);
CREATE INDEX subsonic_choices_title ON subsonic_choices (account_id, title_key);
CREATE INDEX subsonic_choices_mbid ON subsonic_choices (account_id, mbid) WHERE mbid <> '';

-- What is left there is what the resolver remembers.
DELETE FROM subsonic_decisions WHERE decided_by <> 'match';
ALTER TABLE subsonic_decisions DROP COLUMN decided_by;

-- Which rows of subsonic_resolutions hold still.
ALTER TABLE subsonic_mirrors ADD COLUMN rules TEXT NOT NULL DEFAULT ''; -- by which its rows were resolved
ALTER TABLE subsonic_mirrors ADD COLUMN generation TEXT NOT NULL DEFAULT ''; -- of the library, in which they were
ALTER TABLE subsonic_mirrors ADD COLUMN resolved BIGINT NOT NULL DEFAULT 0; -- when all of them last were, none left alone
ALTER TABLE subsonic_resolutions ADD COLUMN track_key TEXT NOT NULL DEFAULT ''; -- fingerprint of track
CREATE INDEX subsonic_resolutions_track ON subsonic_resolutions (track_key);

-- How one reading of a library became the next, when few songs changed.
CREATE TABLE subsonic_library_steps (
  account_id TEXT NOT NULL,
  generation TEXT NOT NULL, -- that it led to
  previous   TEXT NOT NULL,
  PRIMARY KEY (account_id, generation)
);
CREATE TABLE subsonic_library_changes (
  account_id TEXT NOT NULL,
  generation TEXT NOT NULL,
  song_id    TEXT NOT NULL,
  track      TEXT NOT NULL, -- JSON; '' for a song that is gone
  PRIMARY KEY (account_id, generation, song_id)
);

-- How much a file may differ from a wanted track: release, recording, any.
ALTER TABLE subsonic_connections ADD COLUMN policy TEXT NOT NULL DEFAULT 'recording';
