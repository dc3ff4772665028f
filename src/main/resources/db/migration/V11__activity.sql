CREATE TABLE actions (
  -- UUIDv7: the order of ids is the order of recording
  id      uuid        PRIMARY KEY,
  user_id uuid        NOT NULL,
  type    text        NOT NULL,
  details jsonb       NOT NULL,
  time    timestamptz NOT NULL
);

CREATE INDEX actions_user ON actions (user_id, id DESC);

CREATE TABLE action_counts (
  hour  timestamptz NOT NULL,
  type  text        NOT NULL,
  count bigint      NOT NULL,
  PRIMARY KEY (hour, type)
);
