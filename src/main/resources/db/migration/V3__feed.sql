-- The event feed. What must hold, and why it is done so, is in ARCHITECTURE.md.

-- What transactions have published. Rows are read once, by feed_sequence, and removed by feed_clear_outbox.
CREATE SEQUENCE outbox_id;

CREATE TABLE outbox (
  -- the order of events within a transaction, and of transactions that wait for each other
  id      bigint             NOT NULL DEFAULT nextval('outbox_id'),
  xid     xid8               NOT NULL DEFAULT pg_current_xact_id(),
  -- which of the tables below: another every 30 seconds, so that each can be emptied at a stroke
  slot    smallint           NOT NULL DEFAULT (extract(epoch FROM clock_timestamp())::bigint / 30 % 4)::smallint,
  topic   text COLLATE "C"   NOT NULL,
  type    text               NOT NULL,
  key     text               NOT NULL DEFAULT '',
  payload json               NOT NULL,
  time    timestamptz        NOT NULL DEFAULT clock_timestamp()
) PARTITION BY LIST (slot);

CREATE INDEX outbox_xid ON outbox (xid);
CREATE TABLE outbox_0 PARTITION OF outbox FOR VALUES IN (0);
CREATE TABLE outbox_1 PARTITION OF outbox FOR VALUES IN (1);
CREATE TABLE outbox_2 PARTITION OF outbox FOR VALUES IN (2);
CREATE TABLE outbox_3 PARTITION OF outbox FOR VALUES IN (3);

-- The log: dense by seq, never changed, dropped a partition at a time from its beginning.
CREATE TABLE event (
  seq     bigint             NOT NULL PRIMARY KEY,
  topic   text COLLATE "C"   NOT NULL,
  type    text               NOT NULL,
  key     text               NOT NULL,
  payload json               NOT NULL,
  time    timestamptz        NOT NULL,
  -- random, the same for all events that were sequenced at once: tells this history from another
  tag     bigint             NOT NULL,
  -- the transaction that published it
  xid     xid8               NOT NULL
) PARTITION BY RANGE (seq);

CREATE INDEX event_topic ON event (topic, seq);

-- The partitions of the log, each named event_<first_seq>.
CREATE TABLE event_partition (
  first_seq bigint NOT NULL PRIMARY KEY,
  end_seq   bigint NOT NULL
);

CREATE TABLE feed_head (
  single            boolean     NOT NULL PRIMARY KEY DEFAULT true CHECK (single),
  -- the last event
  seq               bigint      NOT NULL,
  -- the first event that is still there, and the tag of the one before
  floor             bigint      NOT NULL,
  floor_tag         bigint      NOT NULL,
  -- what the last sequencing saw: every row of the outbox that is visible in it has been sequenced
  snap              pg_snapshot NOT NULL,
  -- the transaction that wrote this row
  xid               xid8        NOT NULL,
  -- counts the database clusters that the feed has lived in
  term              integer     NOT NULL,
  system_identifier bigint      NOT NULL
) WITH (fillfactor = 10);

INSERT INTO feed_head (seq, floor, floor_tag, snap, xid, term, system_identifier)
SELECT 0, 1, ('x' || left(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint,
       pg_current_snapshot(), pg_current_xact_id(), 1, system_identifier
FROM pg_control_system();

-- Gives the next positions to all that was committed since the last time, and returns what it sequenced, in order, though
-- no more than max_rows of it.
--
-- One statement to the caller, so that a caller that is stopped in the middle of it holds nobody up. Within, the lock is a
-- statement of its own: what follows has a later snapshot, in which everything is visible that the holder before saw.
CREATE FUNCTION feed_sequence(replica text, batch_tag bigint, max_rows integer)
RETURNS TABLE (seq bigint, topic text, type text, key text, payload json, event_time timestamptz, tag bigint)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  base record;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'feed_sequence: % (expected: read committed)', current_setting('transaction_isolation');
  END IF;
  PERFORM FROM feed_head AS head
  WHERE EXISTS (SELECT FROM outbox WHERE outbox.xid >= pg_snapshot_xmax(head.snap))
     OR EXISTS (SELECT FROM outbox WHERE outbox.xid = ANY (ARRAY(SELECT pg_snapshot_xip(head.snap))));
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT head.seq, head.snap INTO base FROM feed_head AS head FOR UPDATE;
  RETURN QUERY
  WITH fresh AS (
    SELECT * FROM outbox WHERE outbox.xid >= pg_snapshot_xmax(base.snap)
    UNION ALL
    SELECT * FROM outbox WHERE outbox.xid = ANY (ARRAY(SELECT pg_snapshot_xip(base.snap)))
  ), added AS (
    INSERT INTO event AS e (seq, topic, type, key, payload, time, tag, xid)
    SELECT base.seq + row_number() OVER (ORDER BY fresh.id),
           fresh.topic, fresh.type, fresh.key, fresh.payload, fresh.time, batch_tag, fresh.xid
    FROM fresh
    RETURNING e.seq, e.topic, e.type, e.key, e.payload, e.time, e.tag
  ), moved AS (
    UPDATE feed_head
    SET seq = base.seq + (SELECT count(*) FROM added), snap = pg_current_snapshot(), xid = pg_current_xact_id()
  )
  SELECT added.seq, added.topic::text, added.type, added.key, added.payload, added.time, added.tag
  FROM added ORDER BY added.seq LIMIT max_rows;
  IF FOUND THEN
    PERFORM pg_notify('heddle_feed', replica);
  END IF;
END
$$;

-- Takes the feed over where the database was moved into another cluster, by pg_upgrade or by a dump: sequences what the
-- former one left, makes the head a snapshot of this one and begins a new term.
CREATE FUNCTION feed_adopt(batch_tag bigint)
RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
  base      feed_head%ROWTYPE;
  cluster   bigint;
  was_moved boolean;
BEGIN
  SELECT system_identifier INTO cluster FROM pg_control_system();
  PERFORM FROM feed_head WHERE system_identifier = cluster;
  IF FOUND THEN
    RETURN (SELECT term FROM feed_head);
  END IF;
  SELECT * INTO base FROM feed_head FOR UPDATE;
  IF base.system_identifier = cluster THEN
    RETURN base.term;
  END IF;
  -- A dump has written the rows anew: they no longer belong to the transactions that they name, and only rows that were
  -- written since do.
  SELECT xmin::text::bigint <> base.xid::text::bigint % 4294967296 INTO was_moved FROM feed_head;
  WITH fresh AS (
    SELECT * FROM outbox
    WHERE NOT pg_visible_in_snapshot(xid, base.snap)
       OR (was_moved AND outbox.xmin::text::bigint = xid::text::bigint % 4294967296)
  ), added AS (
    INSERT INTO event (seq, topic, type, key, payload, time, tag, xid)
    SELECT base.seq + row_number() OVER (ORDER BY fresh.id),
           fresh.topic, fresh.type, fresh.key, fresh.payload, fresh.time, batch_tag, fresh.xid
    FROM fresh
    RETURNING 1
  ), removed AS (
    DELETE FROM outbox
  )
  UPDATE feed_head
  SET seq = base.seq + (SELECT count(*) FROM added), snap = pg_current_snapshot(), xid = pg_current_xact_id(),
      term = base.term + 1, system_identifier = cluster;
  RETURN base.term + 1;
END
$$;

-- Adds partitions of a size until the log has room for so many more events.
CREATE FUNCTION feed_extend(size bigint, room bigint)
RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
  next_seq bigint;
BEGIN
  PERFORM FROM event_partition, feed_head WHERE end_seq > feed_head.seq + room;
  IF FOUND THEN
    RETURN;
  END IF;
  LOCK TABLE event_partition IN EXCLUSIVE MODE;
  LOOP
    SELECT coalesce(max(end_seq), (SELECT feed_head.seq + 1 FROM feed_head)) INTO next_seq FROM event_partition;
    EXIT WHEN next_seq > (SELECT feed_head.seq + room FROM feed_head);
    -- A table that is attached disturbs neither writers nor readers; one that is created as a partition does.
    EXECUTE format('CREATE TABLE event_%s (LIKE event INCLUDING ALL)', next_seq);
    EXECUTE format(
      'ALTER TABLE event ATTACH PARTITION event_%1$s FOR VALUES FROM (%1$s) TO (%2$s)', next_seq, next_seq + size);
    INSERT INTO event_partition (first_seq, end_seq) VALUES (next_seq, next_seq + size);
  END LOOP;
END
$$;

-- Drops the oldest partition of the log where it is full and its last event was published before the given time.
--
-- Returns whether it did. Gives up, to be tried again, where readers don't let go of the log soon.
CREATE FUNCTION feed_retire(before timestamptz)
RETURNS boolean
LANGUAGE plpgsql
SET lock_timeout = '100ms'
AS $$
DECLARE
  oldest  event_partition%ROWTYPE;
  newest  record;
BEGIN
  SELECT * INTO oldest FROM event_partition ORDER BY first_seq LIMIT 1;
  SELECT time, tag INTO newest FROM event WHERE seq = oldest.end_seq - 1;
  IF NOT FOUND OR newest.time >= before THEN
    RETURN false;
  END IF;
  PERFORM FROM feed_head FOR UPDATE;
  DELETE FROM event_partition WHERE first_seq = oldest.first_seq;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE feed_head SET floor = oldest.end_seq, floor_tag = newest.tag, xid = pg_current_xact_id();
  EXECUTE format('DROP TABLE event_%s', oldest.first_seq);
  RETURN true;
EXCEPTION WHEN lock_not_available THEN
  RETURN false;
END
$$;

-- Empties those tables of the outbox of which every row has been sequenced, save the one that is written to now.
--
-- A transaction that has written to a table and is open holds a lock on it, so it is passed over.
CREATE FUNCTION feed_clear_outbox()
RETURNS integer
LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off
AS $$
DECLARE
  name    text;
  pending boolean;
  cleared integer := 0;
  current integer := extract(epoch FROM clock_timestamp())::bigint / 30 % 4;
BEGIN
  FOR slot IN 0 .. 3 LOOP
    name := format('outbox_%s', slot);
    CONTINUE WHEN slot = current OR pg_relation_size(name::regclass) = 0;
    BEGIN
      EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE NOWAIT', name);
      EXECUTE format(
        'SELECT EXISTS (SELECT FROM %1$I WHERE xid >= pg_snapshot_xmax(snap))
             OR EXISTS (SELECT FROM %1$I WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip(snap)))) FROM feed_head', name)
        INTO pending;
      IF NOT pending THEN
        EXECUTE format('TRUNCATE %I', name);
        cleared := cleared + 1;
      END IF;
    EXCEPTION WHEN lock_not_available THEN
      CONTINUE;
    END;
  END LOOP;
  RETURN cleared;
END
$$;
