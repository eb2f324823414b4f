-- +goose Up
-- Owned by package web. Times are unix milliseconds; 0 means "not".

-- What somebody wants to follow or import, and what looking at it came to. Nothing is wanted yet. Each row is also the
-- job "look at it", as long as there is no result.
CREATE TABLE lookups (
  id         TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  target     TEXT NOT NULL, -- handle or address; of a file, its name
  file       TEXT NOT NULL, -- JSON: the playlist in a file, '' when there is none
  result     TEXT NOT NULL, -- JSON, '' until there is one
  done       BIGINT NOT NULL, -- how far the longest step has come, of total
  total      BIGINT NOT NULL,
  lease      BIGINT NOT NULL, -- until when a process has it in hand
  taken      BIGINT NOT NULL, -- when the account said yes to it
  want_id    TEXT NOT NULL, -- wants.id, what came of the yes
  created    BIGINT NOT NULL
);
CREATE INDEX lookups_account ON lookups (account_id, created);
CREATE INDEX lookups_waiting ON lookups (created) WHERE result = '';
