-- +goose Up
-- Times are unix milliseconds; 0 means "not".

-- Owned by package playlists: an account wants every playlist of a person, those to come too.
CREATE TABLE person_wants (
  id          TEXT PRIMARY KEY,
  account_id  TEXT NOT NULL,
  origin      TEXT NOT NULL, -- local, remote
  person      TEXT NOT NULL, -- actor id; accounts.id when the person is of this bridge
  name        TEXT NOT NULL, -- as shown to people
  target      TEXT NOT NULL, -- as the account gave it
  on_withdraw TEXT NOT NULL, -- keep, drop
  ended       BIGINT NOT NULL,
  created     BIGINT NOT NULL
);
CREATE UNIQUE INDEX person_wants_live ON person_wants (account_id, person) WHERE ended = 0;
CREATE INDEX person_wants_person ON person_wants (person);

ALTER TABLE wants ADD COLUMN person TEXT NOT NULL DEFAULT ''; -- person_wants.id that made it; '' when the account asked for this playlist
CREATE INDEX wants_person ON wants (person) WHERE person <> '';

-- The rest is owned by package federation.

-- The list of playlists of a person whom somebody here follows, and when it is read next.
CREATE TABLE rosters (
  person        TEXT PRIMARY KEY, -- actor id
  collection    TEXT NOT NULL, -- of the actors of their playlists; '' before the first reading
  etag          TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  moved_to      TEXT NOT NULL, -- where the person says that they went; '' when nothing is to be done about it
  moved         BIGINT NOT NULL, -- when they last moved
  due           BIGINT NOT NULL,
  lease         BIGINT NOT NULL,
  attempts      BIGINT NOT NULL,
  error         TEXT NOT NULL,
  refreshed     BIGINT NOT NULL
);
CREATE INDEX rosters_due ON rosters (due);

-- The playlists on a roster. One that has not been looked up yet is due.
CREATE TABLE roster_playlists (
  person      TEXT NOT NULL,
  actor       TEXT NOT NULL, -- the playlist's
  playlist_id TEXT NOT NULL, -- '' until it was looked up
  due         BIGINT NOT NULL, -- 0 when nothing is to be done
  lease       BIGINT NOT NULL,
  attempts    BIGINT NOT NULL,
  error       TEXT NOT NULL,
  PRIMARY KEY (person, actor)
);
CREATE INDEX roster_playlists_due ON roster_playlists (due) WHERE due > 0;

-- A followed playlist that moves to another server. In subscriptions, a Follow of a person stands with person_wants.id
-- in the place of the playlist.
ALTER TABLE sources ADD COLUMN moved_to TEXT NOT NULL DEFAULT ''; -- the actor that its own says to have become; '' when nothing is to be done
ALTER TABLE sources ADD COLUMN moved BIGINT NOT NULL DEFAULT 0; -- when it last moved

-- Actors elsewhere that one of ours says to have been (alsoKnownAs).
CREATE TABLE aliases (
  actor TEXT NOT NULL, -- ours
  alias TEXT NOT NULL,
  at    BIGINT NOT NULL,
  PRIMARY KEY (actor, alias)
);

-- The playlists of a former account elsewhere, so that one of the same name is paired when it is published here.
CREATE TABLE former_playlists (
  account TEXT NOT NULL, -- public id of the account here
  actor   TEXT NOT NULL,
  name    TEXT NOT NULL,
  PRIMARY KEY (account, actor)
);

-- Actors of ours that moved to another server (movedTo).
CREATE TABLE moves (
  actor  TEXT PRIMARY KEY, -- ours
  target TEXT NOT NULL,
  at     BIGINT NOT NULL
);

-- Approvals that others show: of a quote of a post (FEP-044f), of a place in a collection of accounts (FEP-7aa9).
CREATE TABLE stamps (
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL, -- quote, feature
  actor   TEXT NOT NULL, -- ours, who approves
  target  TEXT NOT NULL, -- last part of the id of the post or actor that is quoted or featured
  object  TEXT NOT NULL, -- id of what quotes or features it
  asker   TEXT NOT NULL, -- actor id
  inbox   TEXT NOT NULL,
  checked BIGINT NOT NULL, -- when it was last found to be still true
  at      BIGINT NOT NULL
);
CREATE INDEX stamps_actor ON stamps (actor);
CREATE INDEX stamps_checked ON stamps (checked);
