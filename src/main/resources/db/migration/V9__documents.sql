CREATE TABLE documents (
  collection  text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL,
  content     jsonb            NOT NULL,
  create_time timestamptz      NOT NULL,
  update_time timestamptz      NOT NULL,
  -- counts the writes; the etag
  version     bigint           NOT NULL,
  PRIMARY KEY (collection, id)
);

-- for the containment filter
CREATE INDEX documents_content ON documents USING gin (content jsonb_path_ops);
