-- How far each handler of events has come. Whoever handles holds the row.
CREATE TABLE event_handlers (
  name         text        NOT NULL PRIMARY KEY,
  -- a token of the feed: the last event that was handled or parked
  token        text        NOT NULL,
  -- failures at the next event, and when it is tried again
  attempts     integer     NOT NULL DEFAULT 0,
  attempt_time timestamptz NOT NULL DEFAULT now()
);

-- The events that a handler could not handle, as they were.
CREATE TABLE parked_events (
  handler      text        NOT NULL,
  position     bigint      NOT NULL,
  topic        text        NOT NULL,
  type         text        NOT NULL,
  key          text        NOT NULL,
  payload      json        NOT NULL,
  publish_time timestamptz NOT NULL,
  error        text        NOT NULL,
  attempts     integer     NOT NULL,
  park_time    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (handler, position)
);
