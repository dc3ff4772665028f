CREATE TABLE api_keys (
  -- UUIDv7: the order of ids is the order of creation
  id          uuid        PRIMARY KEY,
  -- SHA-256 of the key, which is 32 random bytes: nothing slower is needed against guessing
  digest      bytea       NOT NULL UNIQUE,
  name        text        NOT NULL,
  subject     text        NOT NULL,
  -- with spaces between
  scopes      text        NOT NULL,
  create_time timestamptz NOT NULL,
  -- infinity: never
  expire_time timestamptz NOT NULL,
  -- infinity: it was not
  revoke_time timestamptz NOT NULL DEFAULT 'infinity'
);

CREATE INDEX api_keys_subject ON api_keys (subject, id);

-- What was revoked before its time, by the id of the grant, or of all that a subject holds.
CREATE TABLE revocations (
  id          text        PRIMARY KEY,
  revoke_time timestamptz NOT NULL,
  -- when all that it is about has expired by itself; infinity: never
  expire_time timestamptz NOT NULL
);

CREATE INDEX revocations_expire_time ON revocations (expire_time) WHERE expire_time < 'infinity';

-- Tickets that nobody has used, with the caller that each stands for.
CREATE TABLE tickets (
  digest            bytea       PRIMARY KEY,
  subject           text        NOT NULL,
  scopes            text        NOT NULL,
  grant_id          text        NOT NULL,
  grant_issue_time  timestamptz NOT NULL,
  grant_expire_time timestamptz NOT NULL,
  expire_time       timestamptz NOT NULL
);

-- for the sweep
CREATE INDEX tickets_expire_time ON tickets (expire_time);
