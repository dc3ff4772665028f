-- Background work. Whoever changes rows of several of these tables takes scheduled_tasks first, then jobs.

-- Triggers: a row for each job that waits for its time or runs. The table is db-scheduler's, with its names; pick_time is
-- ours. A row is deleted when its job has ended, so it stays as small as the work at hand.
CREATE TABLE scheduled_tasks (
  -- the type of the job, or schedule:<name>
  task_name            text        NOT NULL,
  -- the id of the job, or recurring
  task_instance        text        NOT NULL,
  task_data            bytea,
  execution_time       timestamptz NOT NULL,
  picked               boolean     NOT NULL,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures integer,
  last_heartbeat       timestamptz,
  -- grows with each pick and release: the fencing token of who runs the job
  version              bigint      NOT NULL,
  priority             smallint    NOT NULL,
  -- when the attempt began
  pick_time            timestamptz NOT NULL DEFAULT 'epoch',
  PRIMARY KEY (task_instance, task_name)
) WITH (
  fillfactor = 70,
  -- every job leaves dead rows behind, which whoever looks for due ones has to pass
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX scheduled_tasks_due ON scheduled_tasks (task_name, priority, execution_time) WHERE NOT picked;
CREATE INDEX scheduled_tasks_heartbeat ON scheduled_tasks (last_heartbeat) WHERE last_heartbeat IS NOT NULL;

CREATE TABLE jobs (
  -- UUIDv7: the order of ids is the order of creation
  id              uuid             PRIMARY KEY,
  type            text             NOT NULL,
  -- the number of a heddle.jobs.v1.Job.State; a job that runs is PENDING here, and its trigger is picked
  state           smallint         NOT NULL DEFAULT 1,
  payload         json             NOT NULL,
  -- empty before there is one
  result          text             NOT NULL DEFAULT '',
  -- a google.rpc.Status in JSON; empty where there is none
  error           text             NOT NULL DEFAULT '',
  -- as in its trigger
  priority        smallint         NOT NULL,
  run_time        timestamptz      NOT NULL,
  timeout_millis  bigint           NOT NULL,
  max_attempts    integer          NOT NULL,
  -- attempts that have ended; and how many of them had when the job was last begun anew
  attempts        integer          NOT NULL DEFAULT 0,
  earlier         integer          NOT NULL DEFAULT 0,
  concurrency_key text             NOT NULL DEFAULT '',
  -- has no trigger because another job of its key runs
  waiting         boolean          NOT NULL DEFAULT false,
  unique_key      text             NOT NULL DEFAULT '',
  progress        double precision NOT NULL DEFAULT 0,
  -- lines in job_lines
  lines           integer          NOT NULL DEFAULT 0,
  cancelled       boolean          NOT NULL DEFAULT false,
  -- whether anybody has ever watched: what happens to others is not published
  watched         boolean          NOT NULL DEFAULT false,
  -- the version that its last trigger had
  fence           bigint           NOT NULL DEFAULT 0,
  creator         text             NOT NULL DEFAULT '',
  create_time     timestamptz      NOT NULL DEFAULT now(),
  end_time        timestamptz
) WITH (fillfactor = 80);

CREATE INDEX jobs_state ON jobs (state, id);
CREATE INDEX jobs_type ON jobs (type, id);
CREATE INDEX jobs_end ON jobs (end_time) WHERE end_time IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs (concurrency_key, priority DESC, run_time, id) WHERE waiting;

-- Attempts that have ended.
CREATE TABLE job_attempts (
  job        uuid        NOT NULL,
  number     integer     NOT NULL,
  start_time timestamptz NOT NULL,
  end_time   timestamptz NOT NULL,
  error      text        NOT NULL,
  runner     text        NOT NULL,
  PRIMARY KEY (job, number)
);

-- What handlers write.
CREATE TABLE job_lines (
  job     uuid        NOT NULL,
  number  integer     NOT NULL,
  attempt integer     NOT NULL,
  time    timestamptz NOT NULL,
  text    text        NOT NULL,
  PRIMARY KEY (job, number)
);

-- Which job of a concurrency key runs.
CREATE TABLE job_keys (
  key text NOT NULL PRIMARY KEY,
  job uuid NOT NULL
);

-- Which job a unique key names. It does while that has not ended, and until expire_time.
CREATE TABLE job_uniques (
  type        text        NOT NULL,
  key         text        NOT NULL,
  job         uuid        NOT NULL,
  expire_time timestamptz NOT NULL,
  PRIMARY KEY (type, key)
);

-- The types that somebody has paused or resumed.
CREATE TABLE job_types (
  name   text    NOT NULL PRIMARY KEY,
  paused boolean NOT NULL
);
