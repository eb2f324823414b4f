-- +goose Up
-- Owned by package federation.

-- A host's row stays when nothing waits for it, for the sake of the next time: due is then 0, else the time of its next turn.
ALTER TABLE delivery_hosts ADD COLUMN manner TEXT NOT NULL DEFAULT 'new'; -- how it took what it got last: new (never answered), prompt, late
ALTER TABLE delivery_hosts ADD COLUMN ended BIGINT NOT NULL DEFAULT 0; -- when its last turn did
UPDATE delivery_hosts SET manner = 'late' WHERE attempts > 0;
DROP INDEX delivery_hosts_due;
CREATE INDEX delivery_hosts_turn ON delivery_hosts (manner, due, host) WHERE due > 0;

CREATE INDEX followers_inbox ON followers (inbox);
