-- +goose Up
-- Times are unix milliseconds; 0 means "not".

-- Owned by package playlists: what an account should know. One that is still growing, or not lasting yet, is due later.
CREATE TABLE notices (
  id          TEXT PRIMARY KEY,
  account_id  TEXT NOT NULL,
  kind        TEXT NOT NULL,
  about       TEXT NOT NULL, -- what it is about, within its kind
  playlist_id TEXT NOT NULL, -- '' for none
  text        TEXT NOT NULL, -- a sentence for the person, '' where the kind says it all
  before_n    BIGINT NOT NULL, -- what was, in the terms of its kind
  after_n     BIGINT NOT NULL, -- what is
  at          BIGINT NOT NULL,
  due         BIGINT NOT NULL, -- when it may be told
  message     TEXT NOT NULL, -- with which others it is told, '' while that is open
  told        BIGINT NOT NULL
);
CREATE UNIQUE INDEX notices_same ON notices (account_id, kind, about, after_n);
CREATE INDEX notices_account ON notices (account_id, at);

-- What became of a want when it was last worked on.
CREATE TABLE outcomes (
  want_id TEXT PRIMARY KEY,
  list    TEXT NOT NULL, -- name on the account's music server, '' when there is none
  note    TEXT NOT NULL, -- a sentence for the person, '' when there is nothing to say
  problem TEXT NOT NULL, -- the same, of what went wrong
  at      BIGINT NOT NULL
);

-- Pages for one follower each. Like the token of a publication, a token is kept as it is: it is shown again.
CREATE TABLE personal_links (
  token     TEXT PRIMARY KEY,
  public_id TEXT NOT NULL, -- of the publication
  follower  TEXT NOT NULL, -- whose page it is
  created   BIGINT NOT NULL
);
CREATE UNIQUE INDEX personal_links_follower ON personal_links (follower, public_id);
CREATE INDEX personal_links_publication ON personal_links (public_id);

-- Owned by package federation: the fediverse account that is proven to be an account's.
CREATE TABLE proven (
  account_id TEXT PRIMARY KEY,
  actor      TEXT NOT NULL UNIQUE,
  handle     TEXT NOT NULL, -- @name@host, as WebFinger confirmed it
  page       TEXT NOT NULL,
  inbox      TEXT NOT NULL, -- the actor's own, not its server's shared one
  since      BIGINT NOT NULL,
  muted      BIGINT NOT NULL -- since when it wants no news
);

-- Codes that were sent. They stay for a while, so that nobody is pestered with them.
CREATE TABLE proofs (
  id         TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  actor      TEXT NOT NULL,
  handle     TEXT NOT NULL,
  code       BYTEA NOT NULL, -- sealed
  tries      BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  ended      BIGINT NOT NULL -- used, or replaced by a newer one
);
CREATE INDEX proofs_account ON proofs (account_id, at);
CREATE INDEX proofs_actor ON proofs (actor, at);

-- What somebody asked for by direct message. Done ones stay for a while, so that a repetition is recognised.
CREATE TABLE requests (
  id        TEXT PRIMARY KEY, -- made of what it answers
  recipient TEXT NOT NULL, -- last part of the id of our actor that was written to
  actor     TEXT NOT NULL, -- who wrote
  note      TEXT NOT NULL, -- id of the message
  kind      TEXT NOT NULL, -- import, follow, link, help, list, stop, start
  target    TEXT NOT NULL, -- handle or address
  want_id   TEXT NOT NULL, -- chosen before it is made, so that a repetition makes no second
  state     TEXT NOT NULL, -- asked, copying, answered
  at        BIGINT NOT NULL,
  due       BIGINT NOT NULL, -- asked: when to work on it
  lease     BIGINT NOT NULL,
  attempts  BIGINT NOT NULL
);
CREATE INDEX requests_due ON requests (state, due);
CREATE INDEX requests_actor ON requests (actor, at);
