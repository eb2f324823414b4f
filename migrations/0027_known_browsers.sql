-- +goose Up
-- Owned by package web. Times are unix milliseconds.

-- Browsers in which somebody has signed in before. Strangers who try passwords for that name do not keep these out.
CREATE TABLE known_browsers (
  token      TEXT PRIMARY KEY, -- SHA-256 of what the browser holds
  account_id TEXT NOT NULL,
  expires    BIGINT NOT NULL
);
CREATE INDEX known_browsers_account ON known_browsers (account_id, expires);
CREATE INDEX known_browsers_expires ON known_browsers (expires);
