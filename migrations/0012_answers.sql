-- +goose Up
-- Owned by package subsonicbridge: what persons answer about their copies.

ALTER TABLE subsonic_mirrors ADD COLUMN song_order TEXT NOT NULL DEFAULT ''; -- '' the source's, 'asked' or 'own' the person's
ALTER TABLE subsonic_mirrors ADD COLUMN orders_asked BIGINT NOT NULL DEFAULT 0; -- how often the person was asked about their order
ALTER TABLE subsonic_mirrors ADD COLUMN anyway BOOLEAN NOT NULL DEFAULT FALSE; -- the person wants a list of however few songs
UPDATE subsonic_mirrors SET song_order = 'asked' WHERE state = 'reordered';
