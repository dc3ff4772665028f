-- The words of an array, so that a generated column may have them: array_to_string is not immutable for elements of any
-- type, but it is for text.
CREATE FUNCTION catalog_words(elements text[])
RETURNS text
LANGUAGE sql
IMMUTABLE PARALLEL SAFE
RETURN array_to_string(elements, ' ');

CREATE TABLE products (
  -- UUIDv7: the order of ids is the order of creation
  id          uuid          PRIMARY KEY,
  name        text          NOT NULL,
  description text          NOT NULL,
  price       numeric(19,9) NOT NULL,
  currency    text          NOT NULL,
  stock       integer       NOT NULL CHECK (stock >= 0),
  tags        text[]        NOT NULL,
  featured    boolean       NOT NULL,
  create_time timestamptz   NOT NULL,
  update_time timestamptz   NOT NULL,
  -- counts the writes; the etag
  version     bigint        NOT NULL,
  words       tsvector      NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('english', name), 'A')
      || setweight(to_tsvector('english', catalog_words(tags)), 'B')
      || setweight(to_tsvector('english', description), 'C')) STORED
) WITH (fillfactor = 80);

-- What a sale changes, the stock, stands in no index, so that it writes none.
CREATE INDEX products_words ON products USING gin (words);
CREATE INDEX products_tags ON products USING gin (tags);
CREATE INDEX products_name ON products (name, id);
CREATE INDEX products_price ON products (price, id);
CREATE INDEX products_featured ON products (id) WHERE featured;
