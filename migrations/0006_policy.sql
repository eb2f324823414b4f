-- +goose Up
-- Owned by package federation: whom the administrator deals with, and what others say about us. Times are unix
-- milliseconds; 0 means "not".

-- What the administrator said about a domain, which stands for its subdomains too. A domain may be allowed and limited
-- at a time; a blocked one has no other row.
CREATE TABLE domain_rules (
  domain          TEXT NOT NULL, -- in lower-case ASCII, without port
  severity        TEXT NOT NULL, -- suspend (blocked), silence (limited), allow
  reject_media    BOOLEAN NOT NULL, -- of an imported list, and only kept for the export
  reject_reports  BOOLEAN NOT NULL,
  obfuscate       BOOLEAN NOT NULL, -- of an imported list, and only kept for the export
  public_comment  TEXT NOT NULL,
  private_comment TEXT NOT NULL,
  since           BIGINT NOT NULL,
  PRIMARY KEY (domain, severity)
);

CREATE TABLE blocked_actors (
  id      TEXT PRIMARY KEY, -- as the actor's own document has it
  handle  TEXT NOT NULL, -- @name@host, the host alone when it has no usual name
  comment TEXT NOT NULL,
  since   BIGINT NOT NULL
);

-- Counts the changes of the two tables above, so that a process knows when to read them again.
CREATE TABLE policy_version (
  one BIGINT PRIMARY KEY, -- always 1
  n   BIGINT NOT NULL
);
INSERT INTO policy_version (one, n) VALUES (1, 0);

-- Flags: somebody elsewhere complains about something here.
CREATE TABLE reports (
  id       TEXT PRIMARY KEY, -- made from the activity's id and actor
  actor    TEXT NOT NULL, -- who reports; '' when a server does, for somebody whom it does not name
  host     TEXT NOT NULL,
  objects  TEXT NOT NULL, -- JSON: the ids of ours that it is about
  text     TEXT NOT NULL,
  received BIGINT NOT NULL,
  resolved BIGINT NOT NULL
);

-- Who elsewhere has blocked an actor of ours.
CREATE TABLE blocks_received (
  actor    TEXT NOT NULL, -- ours: an account, which stands for its playlists too, or a playlist
  blocker  TEXT NOT NULL,
  block_id TEXT NOT NULL, -- of the Block, by which it may be undone
  at       BIGINT NOT NULL,
  PRIMARY KEY (actor, blocker)
);
CREATE INDEX blocks_received_blocker ON blocks_received (blocker);
CREATE INDEX blocks_received_at ON blocks_received (at);
