-- +goose Up

-- Owned by package playlists: the class of what went wrong (Code), '' when there is none or it is not known.
ALTER TABLE notices ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE outcomes ADD COLUMN code TEXT NOT NULL DEFAULT '';

-- Owned by package federation: the reactions to a post whose rows are no longer kept.
ALTER TABLE posts ADD COLUMN likes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN shares BIGINT NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
CREATE INDEX reactions_at ON reactions (at);
