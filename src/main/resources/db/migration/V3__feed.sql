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
  -- the payload's, in bytes, so that readers can tell how much they ask for
  size    integer            NOT NULL,
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
  tag               bigint      NOT NULL,
  -- the first event that is still there, and the tag of the one before
  floor             bigint      NOT NULL,
  floor_tag         bigint      NOT NULL,
  -- what the last sequencing saw: every row of the outbox that is visible in it has been sequenced
  snap              pg_snapshot NOT NULL,
  -- the transaction that wrote this row, not one within it
  xid               xid8        NOT NULL,
  -- counts the database clusters that the feed has lived in
  term              integer     NOT NULL,
  system_identifier bigint      NOT NULL
) WITH (fillfactor = 10);

INSERT INTO feed_head (seq, tag, floor, floor_tag, snap, xid, term, system_identifier)
SELECT 0, random.tag, 1, random.tag, pg_current_snapshot(), pg_current_xact_id(), 1, system_identifier
FROM pg_control_system(),
     (SELECT ('x' || left(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint AS tag) AS random;

-- Gives the next positions to all that was committed since the last time.
--
-- Returns what it sequenced, in order, if that goes on behind the place that the caller knows and takes no more than
-- max_bytes, and otherwise nothing: the caller reads the log then. What is returned is sent before the commit; a caller
-- that is stopped and takes no more than its socket does would hold everybody up.
--
-- One statement to the caller, for the same reason. Within, the lock is a statement of its own: what follows has a later
-- snapshot, in which everything is visible that the holder before saw.
CREATE FUNCTION feed_sequence(
  replica text, batch_tag bigint, known_term integer, known_seq bigint, known_tag bigint, max_bytes integer)
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
  SELECT head.term, head.seq, head.tag, head.snap, head.system_identifier <> cluster.system_identifier AS was_moved
  INTO base FROM feed_head AS head, pg_control_system() AS cluster FOR UPDATE OF head;
  -- a snapshot means nothing to another cluster
  IF base.was_moved THEN
    RAISE EXCEPTION 'feed_sequence: the database was moved (expected: feed_adopt)';
  END IF;
  RETURN QUERY
  WITH fresh AS (
    SELECT * FROM outbox WHERE outbox.xid >= pg_snapshot_xmax(base.snap)
    UNION ALL
    SELECT * FROM outbox WHERE outbox.xid = ANY (ARRAY(SELECT pg_snapshot_xip(base.snap)))
  ), added AS (
    INSERT INTO event AS e (seq, topic, type, key, payload, time, tag, size, xid)
    SELECT base.seq + row_number() OVER (ORDER BY fresh.id),
           fresh.topic, fresh.type, fresh.key, fresh.payload, fresh.time, batch_tag,
           octet_length(fresh.payload::text), fresh.xid
    FROM fresh
    RETURNING e.seq, e.topic, e.type, e.key, e.payload, e.time, e.tag, e.size
  ), moved AS (
    UPDATE feed_head
    SET seq = base.seq + total.events, tag = CASE total.events WHEN 0 THEN base.tag ELSE batch_tag END,
        snap = pg_current_snapshot(), xid = pg_current_xact_id()
    FROM (SELECT count(*) AS events FROM added) AS total
  )
  SELECT sized.seq, sized.topic::text, sized.type, sized.key, sized.payload, sized.time, sized.tag
  FROM (SELECT *, sum(added.size + 200) OVER () AS bytes FROM added) AS sized
  WHERE sized.bytes <= max_bytes
    AND base.term = known_term AND base.seq = known_seq AND base.tag = known_tag
  ORDER BY sized.seq;
  PERFORM FROM feed_head AS head WHERE head.seq > base.seq;
  IF FOUND THEN
    PERFORM pg_notify('heddle_feed', replica);
  END IF;
END
$$;

-- The transaction that wrote a row, or the one within it, with its epoch.
CREATE FUNCTION feed_writer(xmin xid)
RETURNS bigint
LANGUAGE sql
RETURN pg_current_xact_id()::text::bigint - age(xmin);

-- Takes the feed over where the database was moved into another cluster, by pg_upgrade or by a dump: sequences what the
-- former one left, makes the head a snapshot of this one and begins a new term.
CREATE FUNCTION feed_adopt(batch_tag bigint)
RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
  base      record;
  cluster   bigint;
  was_moved boolean;
BEGIN
  SELECT system_identifier INTO cluster FROM pg_control_system();
  PERFORM FROM feed_head WHERE system_identifier = cluster;
  IF FOUND THEN
    RETURN (SELECT term FROM feed_head);
  END IF;
  SELECT *, feed_writer(xmin) AS writer INTO base FROM feed_head FOR UPDATE;
  IF base.system_identifier = cluster THEN
    RETURN base.term;
  END IF;
  -- A dump has written the rows anew: they no longer belong to the transactions that they name. Only rows that were
  -- written since do, which is after the head was: by the transaction that they name or by one within it, and such a one
  -- began later.
  was_moved := base.writer <> base.xid::text::bigint;
  WITH fresh AS (
    SELECT * FROM outbox
    WHERE NOT pg_visible_in_snapshot(xid, base.snap)
       OR (was_moved AND xid::text::bigint BETWEEN base.writer + 1 AND feed_writer(outbox.xmin))
  ), added AS (
    INSERT INTO event (seq, topic, type, key, payload, time, tag, size, xid)
    SELECT base.seq + row_number() OVER (ORDER BY fresh.id),
           fresh.topic, fresh.type, fresh.key, fresh.payload, fresh.time, batch_tag,
           octet_length(fresh.payload::text), fresh.xid
    FROM fresh
    RETURNING 1
  ), removed AS (
    DELETE FROM outbox
  )
  UPDATE feed_head
  SET seq = base.seq + total.events, tag = CASE total.events WHEN 0 THEN base.tag ELSE batch_tag END,
      snap = pg_current_snapshot(), xid = pg_current_xact_id(), term = base.term + 1, system_identifier = cluster
  FROM (SELECT count(*) AS events FROM added) AS total;
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
  -- Locks alone: what is written in a block with an exception is written by a transaction within this one.
  BEGIN
    PERFORM FROM feed_head FOR UPDATE;
    LOCK TABLE ONLY event IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('LOCK TABLE event_%s IN ACCESS EXCLUSIVE MODE', oldest.first_seq);
  EXCEPTION WHEN lock_not_available OR undefined_table THEN
    RETURN false;
  END;
  DELETE FROM event_partition WHERE first_seq = oldest.first_seq;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE feed_head SET floor = oldest.end_seq, floor_tag = newest.tag, xid = pg_current_xact_id();
  EXECUTE format('DROP TABLE event_%s', oldest.first_seq);
  RETURN true;
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
