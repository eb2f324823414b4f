-- +goose Up
-- Owned by package playlists: the class of what went wrong (Code), '' when there is none or it is not known.

ALTER TABLE notices ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE outcomes ADD COLUMN code TEXT NOT NULL DEFAULT '';
