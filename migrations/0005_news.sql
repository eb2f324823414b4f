-- +goose Up
-- Notes that people on microblogs read. Owned by package federation, but for the column of playlists, which is that package's.

ALTER TABLE playlists ADD COLUMN smart BOOLEAN NOT NULL DEFAULT FALSE; -- the music server fills it by a rule

-- What is to be told next of a publication. Its row is also the job "write the next post".
CREATE TABLE news (
  public_id TEXT PRIMARY KEY,
  revision  BIGINT NOT NULL, -- of the playlist, up to which pending has been gathered
  pending   TEXT NOT NULL, -- JSON: names of the rows that were added and not told yet
  first     BIGINT NOT NULL, -- when the first of them was added
  due       BIGINT NOT NULL, -- 0: nothing to tell
  held      BOOLEAN NOT NULL, -- the owner wants to wait
  pin_due   BIGINT NOT NULL -- when to make microblogs read the pinned post again; 0: it is as they know it
);
CREATE INDEX news_due ON news (due) WHERE due > 0;
CREATE INDEX news_pin_due ON news (pin_due) WHERE pin_due > 0;

-- What owners chose; who chose nothing has no row.
CREATE TABLE news_of_accounts (
  account_id TEXT PRIMARY KEY,
  per_day    BIGINT NOT NULL, -- posts about all playlists in 24 hours
  mention    BOOLEAN NOT NULL -- name the owner's own fediverse account, so that replies reach a human
);
CREATE TABLE news_of_playlists (
  playlist_id TEXT PRIMARY KEY,
  mode        TEXT NOT NULL, -- auto, on, off
  per_day     BIGINT NOT NULL,
  cover       BOOLEAN NOT NULL -- attach the cover; the post then has no preview card on Mastodon
);

CREATE TABLE posts (
  id         TEXT PRIMARY KEY, -- last part of the Note's id
  actor      TEXT NOT NULL, -- the playlist's, by its last part
  account_id TEXT NOT NULL,
  announced  TEXT NOT NULL, -- the account's actor, when it announced the post; else ''
  items      TEXT NOT NULL, -- JSON: names of the rows that it tells of
  note       TEXT NOT NULL, -- JSON: the Note without @context, '' once it is deleted
  inbox      TEXT NOT NULL, -- of the account that it mentions, '' when there is none
  published  BIGINT NOT NULL,
  updated    BIGINT NOT NULL,
  deleted    BIGINT NOT NULL,
  due        BIGINT NOT NULL -- something in it is no longer right: when to correct it
);
CREATE INDEX posts_actor ON posts (actor, published);
CREATE INDEX posts_account ON posts (account_id, published);
CREATE INDEX posts_due ON posts (due) WHERE due > 0;

-- What others did with a post. It is counted and shown to the owner; its content is not kept.
CREATE TABLE reactions (
  post  TEXT NOT NULL,
  kind  TEXT NOT NULL, -- like, share, reply
  id    TEXT NOT NULL, -- of the Like, the Announce or the reply
  actor TEXT NOT NULL,
  at    BIGINT NOT NULL,
  PRIMARY KEY (post, kind, id)
);
CREATE INDEX reactions_id ON reactions (id, actor);
