-- The ids that callers gave to their writes, each with the answer that it got.
CREATE TABLE request_ids (
  caller      text        NOT NULL,
  method      text        NOT NULL,
  request_id  text        NOT NULL,
  -- SHA-256 of the request without its id
  fingerprint bytea       NOT NULL,
  -- set before the transaction that inserts the row commits
  response    bytea,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, method, request_id)
);

-- for the sweep
CREATE INDEX request_ids_create_time ON request_ids USING brin (create_time);
