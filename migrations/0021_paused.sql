-- +goose Up
-- Owned by package subsonicbridge: what a person says of a copy, and how far the work on it has come.

ALTER TABLE subsonic_mirrors ADD COLUMN paused BOOLEAN NOT NULL DEFAULT FALSE; -- the person wants the list left alone for now
ALTER TABLE subsonic_mirrors ADD COLUMN discard BOOLEAN NOT NULL DEFAULT FALSE; -- the list goes when the want is over
ALTER TABLE subsonic_mirrors ADD COLUMN done BIGINT NOT NULL DEFAULT 0; -- of the longest step of the work in hand
ALTER TABLE subsonic_mirrors ADD COLUMN total BIGINT NOT NULL DEFAULT 0;
