-- +goose Up
-- Owned by package web. Times are unix milliseconds.

-- What administrators said on the pages of proxies that speak for visitors. The setting SONGFERRY_TRUSTED_PROXIES stands beside it.
CREATE TABLE proxies (
  address TEXT PRIMARY KEY, -- of a private network, or of this machine
  trusted BOOLEAN NOT NULL, -- false: it is not to be asked about again
  decided BIGINT NOT NULL
);
