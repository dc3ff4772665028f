CREATE TABLE users (
  -- UUIDv7: the order of ids is the order of creation
  id          uuid        PRIMARY KEY,
  email       text        NOT NULL,
  name        text        NOT NULL,
  -- the number of a heddle.users.v1.User.State
  state       smallint    NOT NULL,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  -- counts the writes; the etag
  version     bigint      NOT NULL
);

CREATE UNIQUE INDEX users_email_key ON users (lower(email));

-- for order_by; update_time has none, so that an update that changes neither name nor e-mail writes no index
CREATE INDEX users_name ON users (name, id);
CREATE INDEX users_create_time ON users (create_time, id);
