-- +goose Up
-- Owned by package federation. Actors of ours stand as the last part of their id ("" is the instance actor).

CREATE TABLE federation_origin (
  one    BIGINT PRIMARY KEY, -- always 1
  origin TEXT NOT NULL, -- scheme and host that the world knows us by
  since  BIGINT NOT NULL
);

CREATE TABLE signing_keys (
  actor      TEXT PRIMARY KEY,
  sealed     BYTEA NOT NULL, -- PKCS #8
  public_pem TEXT NOT NULL,
  created    BIGINT NOT NULL
);

CREATE TABLE remote_actors (
  id           TEXT PRIMARY KEY,
  host         TEXT NOT NULL,
  type         TEXT NOT NULL,
  name         TEXT NOT NULL,
  handle       TEXT NOT NULL, -- the user name alone
  url          TEXT NOT NULL,
  inbox        TEXT NOT NULL,
  shared_inbox TEXT NOT NULL,
  key_id       TEXT NOT NULL,
  key_pem      TEXT NOT NULL,
  fetched      BIGINT NOT NULL
);
CREATE INDEX remote_actors_key ON remote_actors (key_id);

-- Keys that could not be had, so that a flood of them costs one fetch each.
CREATE TABLE missing_keys (
  key_id TEXT PRIMARY KEY,
  domain TEXT NOT NULL, -- registrable: names below it cost nothing
  until  BIGINT NOT NULL
);
CREATE INDEX missing_keys_domain ON missing_keys (domain);
CREATE INDEX missing_keys_until ON missing_keys (until);

CREATE TABLE followers (
  actor     TEXT NOT NULL, -- ours
  follower  TEXT NOT NULL, -- actor id
  host      TEXT NOT NULL, -- '' for an account of this bridge
  state     TEXT NOT NULL, -- pending, accepted
  follow_id TEXT NOT NULL,
  follow    TEXT NOT NULL, -- the Follow as it was received, for the Accept
  inbox     TEXT NOT NULL, -- where to deliver: the shared inbox when there is one; '' for an account of this bridge
  at        BIGINT NOT NULL,
  PRIMARY KEY (actor, follower)
);
CREATE INDEX followers_follower ON followers (follower);

CREATE TABLE inbox (
  id       TEXT NOT NULL,
  actor    TEXT NOT NULL,
  domain   TEXT NOT NULL, -- the actor's, registrable: what may wait is bounded for each
  type     TEXT NOT NULL,
  object   TEXT NOT NULL, -- id of the object, '' when it has none
  body     TEXT NOT NULL, -- '' once it is done
  received BIGINT NOT NULL,
  due      BIGINT NOT NULL, -- 0 once it is done
  attempts BIGINT NOT NULL,
  error    TEXT NOT NULL,
  PRIMARY KEY (id, actor)
);
CREATE INDEX inbox_due ON inbox (due, received) WHERE due > 0;
CREATE INDEX inbox_domain ON inbox (domain) WHERE due > 0;
CREATE INDEX inbox_undo ON inbox (actor, object) WHERE type = 'Undo';

CREATE TABLE activities (
  id      TEXT PRIMARY KEY, -- last part of the activity's id
  actor   TEXT NOT NULL, -- ours, whose key signs
  body    TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX activities_actor ON activities (actor, created);

CREATE TABLE deliveries (
  activity TEXT NOT NULL,
  inbox    TEXT NOT NULL,
  host     TEXT NOT NULL,
  due      BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  error    TEXT NOT NULL,
  created  BIGINT NOT NULL,
  PRIMARY KEY (activity, inbox)
);
CREATE INDEX deliveries_host ON deliveries (host, due);

-- One row per host that we deliver to: whoever holds the lease is the only one to talk to it.
CREATE TABLE delivery_hosts (
  host     TEXT PRIMARY KEY,
  due      BIGINT NOT NULL, -- not before; also the turn of the host among others
  lease    BIGINT NOT NULL, -- somebody is delivering until then
  attempts BIGINT NOT NULL, -- failures in a row
  error    TEXT NOT NULL
);
CREATE INDEX delivery_hosts_due ON delivery_hosts (due, host);

-- Publications whose followers are to be told of a change, once it has been quiet.
CREATE TABLE announcements (
  public_id TEXT PRIMARY KEY,
  first     BIGINT NOT NULL, -- the first change not told yet
  due       BIGINT NOT NULL
);

-- Where a Remote playlist is read from, and when next.
CREATE TABLE sources (
  playlist_id   TEXT PRIMARY KEY,
  collection    TEXT NOT NULL,
  actor         TEXT NOT NULL, -- its actor, '' for a share link
  etag          TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  due           BIGINT NOT NULL,
  lease         BIGINT NOT NULL,
  attempts      BIGINT NOT NULL,
  error         TEXT NOT NULL,
  refreshed     BIGINT NOT NULL
);
CREATE INDEX sources_due ON sources (due);
CREATE INDEX sources_actor ON sources (actor);

-- One Follow per account and Remote playlist.
CREATE TABLE subscriptions (
  account_id  TEXT NOT NULL,
  playlist_id TEXT NOT NULL,
  actor       TEXT NOT NULL, -- whom we follow
  follow_id   TEXT NOT NULL, -- last part of the Follow's id
  state       TEXT NOT NULL, -- wanted, requested, accepted, rejected
  due         BIGINT NOT NULL, -- wanted: when to send the Follow; else 0
  attempts    BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (account_id, playlist_id)
);
CREATE INDEX subscriptions_follow ON subscriptions (follow_id);
CREATE INDEX subscriptions_due ON subscriptions (due) WHERE due > 0;
