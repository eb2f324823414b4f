-- +goose Up
-- Owned by package playlists: which notices became due a moment ago.
CREATE INDEX notices_due ON notices (due);

-- Owned by package federation: PostgreSQL's index of the primary key takes no more of the two addresses together than 2,704 bytes.
DELETE FROM roster_playlists WHERE OCTET_LENGTH(person) + OCTET_LENGTH(actor) > 2600;
