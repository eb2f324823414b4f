-- +goose Up
-- Owned by package subsonicbridge.

ALTER TABLE subsonic_connections ADD COLUMN guest BOOLEAN NOT NULL DEFAULT FALSE; -- the server is reached at public addresses only
