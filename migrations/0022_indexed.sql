-- +goose Up
-- Owned by package playlists.

ALTER TABLE publications ADD COLUMN indexed BOOLEAN NOT NULL DEFAULT FALSE; -- search engines may list its page: its owner wishes so
