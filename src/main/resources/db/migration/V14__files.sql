CREATE TABLE files (
  id           uuid        PRIMARY KEY,
  name         text        NOT NULL,
  content_type text        NOT NULL,
  size         bigint      NOT NULL,
  -- in hexadecimal
  sha256       text        NOT NULL,
  -- who brought it: the subject of a caller
  owner        text        NOT NULL,
  create_time  timestamptz NOT NULL,
  update_time  timestamptz NOT NULL,
  -- infinity: never
  expire_time  timestamptz NOT NULL,
  -- counts the writes; the etag
  version      bigint      NOT NULL
);

-- for the sweep
CREATE INDEX files_expire_time ON files (expire_time) WHERE expire_time < 'infinity';

-- The bytes of files, all chunks but the last of the same size. They come before their file and go after it.
CREATE TABLE file_chunks (
  file_id uuid    NOT NULL,
  number  integer NOT NULL,
  data    bytea   NOT NULL,
  PRIMARY KEY (file_id, number)
);

-- what is uploaded is mostly compressed before
ALTER TABLE file_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

-- Whose chunks belong to no file: uploads that are not complete, and files that were deleted.
CREATE TABLE file_orphans (
  id       uuid        PRIMARY KEY,
  -- when the chunks go; an upload puts it off with each chunk
  due_time timestamptz NOT NULL
);

-- for the sweep
CREATE INDEX file_orphans_due_time ON file_orphans (due_time);
