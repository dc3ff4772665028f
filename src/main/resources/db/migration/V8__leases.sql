-- Who may do what only one may do at a time, until when.
--
-- Tokens grow: over all leases, and past the removal of a row, so that a token that a store has seen bars every one that
-- is smaller. That holds because whoever takes a lease first takes an advisory lock of its name: without that, two could
-- draw their tokens in one order and get the lease in the other.
CREATE SEQUENCE lease_token;

CREATE TABLE leases (
  name        text        PRIMARY KEY,
  token       bigint      NOT NULL,
  -- for operators
  holder      text        NOT NULL,
  -- by the clock of this server, which is the only one that counts
  expire_time timestamptz NOT NULL
);

-- for the removal of what holders who crashed have left
CREATE INDEX leases_expire_time ON leases (expire_time);
