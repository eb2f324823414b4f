-- +goose Up
-- Times are unix milliseconds; 0 means "not".

-- Owned by package playlists: how far a notice has been told by one way. Without a row it was not.
CREATE TABLE tellings (
  notice_id TEXT NOT NULL,
  way       TEXT NOT NULL, -- fediverse, webhook, ntfy, email
  message   TEXT NOT NULL, -- with which others it is told
  told      BIGINT NOT NULL,
  PRIMARY KEY (notice_id, way)
);
INSERT INTO tellings (notice_id, way, message, told) SELECT id, 'fediverse', message, told FROM notices WHERE message <> '';
ALTER TABLE notices DROP COLUMN message;
ALTER TABLE notices DROP COLUMN told;

-- Owned by package playlists/notify: where an account is told its notices, beside its own fediverse account. A row is also
-- the job "tell what is due by this way".
CREATE TABLE ways (
  account_id TEXT NOT NULL,
  way        TEXT NOT NULL, -- webhook, ntfy, email
  address    BYTEA NOT NULL, -- sealed
  secret     BYTEA NOT NULL, -- sealed: what signs, or lets us in; empty for none
  since      BIGINT NOT NULL, -- older notices are not told
  due        BIGINT NOT NULL, -- after a failure: the next try
  lease      BIGINT NOT NULL, -- until when a process has it in hand
  attempts   BIGINT NOT NULL, -- with the message in hand
  failing    BIGINT NOT NULL, -- since when nothing arrives
  problem    TEXT NOT NULL, -- a sentence for the person, '' when all is well
  worked     BIGINT NOT NULL, -- when something arrived last
  tested     BIGINT NOT NULL, -- when a test was asked for last
  PRIMARY KEY (account_id, way)
);

-- Codes that were sent to e-mail addresses. They stay for a while, so that nobody is pestered with them.
CREATE TABLE email_codes (
  id         TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  address    BYTEA NOT NULL, -- sealed
  code       BYTEA NOT NULL, -- sealed
  tries      BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  ended      BIGINT NOT NULL -- used, or replaced by a newer one
);
CREATE INDEX email_codes_account ON email_codes (account_id, at);
CREATE INDEX email_codes_at ON email_codes (at);

-- Owned by package subsonicbridge: since when the music server refuses the login, whatever else fails beside; 0 while it does not.
ALTER TABLE subsonic_connections ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;

-- Owned by package federation: since when every reading fails; 0 after one that did not.
ALTER TABLE sources ADD COLUMN failing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rosters ADD COLUMN failing BIGINT NOT NULL DEFAULT 0;
