-- +goose Up
-- Owned by package web. Times are unix milliseconds.

-- How much of their limits clients, names and accounts have used up, whichever process they ask. Rows go once their time has come.
CREATE TABLE limits (
  budget TEXT PRIMARY KEY, -- HMAC-SHA256, by the bridge's key, of which limit it is and whose
  whole  BIGINT NOT NULL   -- when nothing of it is used up any more
);
CREATE INDEX limits_whole ON limits (whole);
