-- Rooms, what was said in them and who is there.
--
-- Whoever publishes to a room's topic, except that somebody types, holds the room's row: so the order of events is that of
-- the tables.

CREATE TABLE chat_rooms (
  id          text COLLATE "C" NOT NULL PRIMARY KEY,
  title       text             NOT NULL,
  creator     text             NOT NULL,
  create_time timestamptz      NOT NULL DEFAULT now(),
  -- the number of the last message
  last_number bigint           NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE chat_messages (
  room        text COLLATE "C" NOT NULL REFERENCES chat_rooms ON DELETE CASCADE,
  -- counts from 1 in each room, without gaps
  number      bigint           NOT NULL,
  sender      text             NOT NULL,
  text        text             NOT NULL,
  create_time timestamptz      NOT NULL,
  PRIMARY KEY (room, number)
);

-- The leases: a session whose replica does not renew it is taken to be gone. No index over the time, so that to renew
-- writes none; there are as many rows as people are connected.
CREATE TABLE chat_sessions (
  id          uuid        NOT NULL PRIMARY KEY,
  person      text        NOT NULL,
  expire_time timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Which session is in which room. A person is in a room while one of theirs is.
CREATE TABLE chat_presence (
  room      text COLLATE "C" NOT NULL REFERENCES chat_rooms ON DELETE CASCADE,
  person    text COLLATE "C" NOT NULL,
  session   uuid             NOT NULL,
  join_time timestamptz      NOT NULL,
  PRIMARY KEY (room, person, session)
);

CREATE INDEX chat_presence_session ON chat_presence (session);
