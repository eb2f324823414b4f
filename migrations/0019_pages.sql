-- +goose Up
-- Owned by package web. Times are unix milliseconds.

-- Browsers in which somebody is signed in.
CREATE TABLE sessions (
  token   TEXT PRIMARY KEY, -- hash of what the browser holds
  data    BYTEA NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);
