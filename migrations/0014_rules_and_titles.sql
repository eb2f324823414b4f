-- +goose Up
-- Owned by package subsonicbridge.

-- The titleKey of each row's track: a decision holds for all tracks that are taken for one, and wakes their lists.
ALTER TABLE subsonic_resolutions ADD COLUMN title_key TEXT NOT NULL DEFAULT '';
CREATE INDEX subsonic_resolutions_title ON subsonic_resolutions (title_key);

-- Rows that an older version wrote get it, and their track_key, when their lists are worked on next: now, and all rows anew.
UPDATE subsonic_mirrors SET rules = '';
UPDATE subsonic_mirrors SET due = 1 WHERE due = 0 AND state NOT IN ('deleted here', 'no longer linked');

-- What the resolver remembers holds as long as the rules by which it was decided.
ALTER TABLE subsonic_decisions ADD COLUMN rules TEXT NOT NULL DEFAULT '';
