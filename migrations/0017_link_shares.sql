-- +goose Up
-- Owned by package playlists: the terms of a publication by link. Times are unix milliseconds; 0 means "not".

ALTER TABLE publications ADD COLUMN expires BIGINT NOT NULL DEFAULT 0; -- from then on it is as if it had been withdrawn
ALTER TABLE publications ADD COLUMN password TEXT NOT NULL DEFAULT ''; -- bcrypt, of what its page asks for; '' when that asks nothing
ALTER TABLE publications ADD COLUMN visits BIGINT NOT NULL DEFAULT 0; -- of its page
CREATE INDEX publications_expires ON publications (expires) WHERE expires > 0 AND retired = 0;
