-- The words of the texts in a document, in whatever language, as they are written.
ALTER TABLE documents ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', content)) STORED;

CREATE INDEX documents_words ON documents USING gin (words);

-- for the beginnings of names and addresses
CREATE INDEX users_name_prefix ON users (lower(name) text_pattern_ops);
CREATE INDEX users_email_prefix ON users (lower(email) text_pattern_ops);
