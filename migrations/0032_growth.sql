-- +goose Up
-- Of all packages' tables: what is looked for by more than the primary key says, so that a look costs the same however many people,
-- playlists and servers there are.
CREATE INDEX subsonic_playlists_account ON subsonic_playlists (account_id);
CREATE INDEX subsonic_connections_username ON subsonic_connections (LOWER(username));
CREATE INDEX subsonic_mirrors_waiting ON subsonic_mirrors (due) WHERE due > 0;
CREATE INDEX subsonic_mirrors_lease ON subsonic_mirrors (lease) WHERE lease > 0;
CREATE INDEX wants_account ON wants (account_id);
CREATE INDEX handles_public ON handles (public_id);
CREATE INDEX handles_account ON handles (account_id);
CREATE INDEX tellings_message ON tellings (message);
CREATE INDEX ways_due ON ways (due);
CREATE INDEX subscriptions_playlist ON subscriptions (playlist_id);
CREATE INDEX subscriptions_actor ON subscriptions (actor);
CREATE INDEX posts_announced ON posts (announced);
CREATE INDEX followers_host ON followers (host);
CREATE INDEX proven_inbox ON proven (inbox);
CREATE INDEX accounts_admins ON accounts (id) WHERE admin;
