-- +goose Up
-- Owned by package playlists: when the grown-up said no, unix milliseconds; 0 while nobody has answered.
ALTER TABLE asks ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;
