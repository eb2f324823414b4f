-- +goose Up
-- Times are unix milliseconds.

-- Owned by package web: how much of their limits clients, names and accounts have used up, whichever process they ask. Rows go once
-- their time has come.
CREATE TABLE limits (
  budget TEXT PRIMARY KEY, -- HMAC-SHA256, by the bridge's key, of which limit it is and whose
  whole  BIGINT NOT NULL   -- when nothing of it is used up any more
);
CREATE INDEX limits_whole ON limits (whole);

-- Owned by package federation: how many activities of a domain were kept in its hour, as far as processes have told each other.
CREATE TABLE quotas (
  domain TEXT PRIMARY KEY,
  since  BIGINT NOT NULL, -- when the hour began
  kept   BIGINT NOT NULL
);
