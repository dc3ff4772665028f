CREATE TABLE posts (
  -- UUIDv7: the order of ids is the order of creation
  id              uuid        PRIMARY KEY,
  -- of a user, who may have been removed since
  author          uuid        NOT NULL,
  title           text        NOT NULL,
  body            text        NOT NULL,
  comment_count   integer     NOT NULL DEFAULT 0,
  -- counts what was done to the comments: tells whether two readings of them are of one state
  comment_changes bigint      NOT NULL DEFAULT 0,
  create_time     timestamptz NOT NULL,
  update_time     timestamptz NOT NULL,
  -- counts the writes of title and body; the etag
  version         bigint      NOT NULL,
  words           tsvector    NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')) STORED
) WITH (fillfactor = 80);

-- What a comment changes, the counts, stands in no index, so that it writes none.
CREATE INDEX posts_author ON posts (author, id);
CREATE INDEX posts_words ON posts USING gin (words);

CREATE TABLE comments (
  post        uuid        NOT NULL REFERENCES posts ON DELETE CASCADE,
  -- UUIDv7
  id          uuid        NOT NULL,
  -- of a user, who may have been removed since
  author      uuid        NOT NULL,
  body        text        NOT NULL,
  create_time timestamptz NOT NULL,
  PRIMARY KEY (post, id)
);
