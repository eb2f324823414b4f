-- +goose Up
-- Owned by package federation.

-- Public keys of other servers' actors. An actor may have several.
CREATE TABLE remote_keys (
  key_id TEXT PRIMARY KEY,
  owner  TEXT NOT NULL, -- an id of remote_actors
  pem    TEXT NOT NULL
);
CREATE INDEX remote_keys_owner ON remote_keys (owner);
INSERT INTO remote_keys (key_id, owner, pem) SELECT key_id, id, key_pem FROM remote_actors WHERE key_pem <> '' ON CONFLICT (key_id) DO NOTHING;
DROP INDEX remote_actors_key;
ALTER TABLE remote_actors DROP COLUMN key_id;
ALTER TABLE remote_actors DROP COLUMN key_pem;

-- Actors of other servers whose documents are to be read again.
CREATE TABLE renewals (
  actor    TEXT PRIMARY KEY,
  due      BIGINT NOT NULL,
  lease    BIGINT NOT NULL,
  attempts BIGINT NOT NULL
);
CREATE INDEX renewals_due ON renewals (due);

-- The kind of signature that an origin took last, after it had refused another.
CREATE TABLE signature_schemes (
  origin  TEXT PRIMARY KEY, -- scheme and host
  scheme  TEXT NOT NULL,
  learned BIGINT NOT NULL
);
CREATE INDEX signature_schemes_learned ON signature_schemes (learned);

-- The fragment of the key's id: a new key has a new id.
ALTER TABLE signing_keys ADD COLUMN name TEXT NOT NULL DEFAULT 'main-key';
