CREATE TABLE orders (
  -- UUIDv7: the order of ids is the order of creation
  id          uuid        PRIMARY KEY,
  user_id     text        NOT NULL,
  -- the number of a heddle.orders.v1.Order.State
  state       smallint    NOT NULL,
  -- the sum of the lines, kept for filters and orders
  total       numeric     NOT NULL,
  currency    text        NOT NULL,
  -- what it is known by where it was made; empty before
  payment     text        NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  -- counts the writes that callers see; the etag
  version     bigint      NOT NULL,
  -- the step with the payment that has begun and has not ended; see dev.heddle.orders.Step
  step        smallint    NOT NULL DEFAULT 0,
  -- the fencing token of the last such step
  fence       bigint      NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

CREATE INDEX orders_user ON orders (user_id, id);
CREATE INDEX orders_state ON orders (state, id);
CREATE INDEX orders_create_time ON orders (create_time, id);

-- Written with their order, and never changed. They refer to no row of products: orders outlive them.
CREATE TABLE order_lines (
  order_id     uuid          NOT NULL REFERENCES orders,
  line         smallint      NOT NULL,
  product_id   uuid          NOT NULL,
  product_name text          NOT NULL,
  quantity     integer       NOT NULL,
  price        numeric(19,9) NOT NULL,
  PRIMARY KEY (order_id, line)
);

-- The ledger: what was paid for each order. A payment that was returned stays, and so does the mark of one that was
-- returned before it was made, lest it is made late.
CREATE TABLE payments (
  order_id    uuid        PRIMARY KEY,
  reference   text        NOT NULL,
  amount      numeric     NOT NULL,
  currency    text        NOT NULL,
  returned    boolean     NOT NULL,
  -- the largest fencing token that was seen
  fence       bigint      NOT NULL,
  update_time timestamptz NOT NULL
);
