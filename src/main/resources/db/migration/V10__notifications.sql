CREATE TABLE notifications (
  -- UUIDv7: the order of ids is the order of creation
  id          uuid        PRIMARY KEY,
  user_id     uuid        NOT NULL,
  title       text        NOT NULL,
  body        text        NOT NULL,
  sender      text        NOT NULL,
  -- the number of a heddle.notifications.v1.Notification.EmailState
  email_state smallint    NOT NULL,
  -- where the e-mail goes; empty where there is none
  address     text        NOT NULL,
  -- until when a call has the e-mail to itself
  claim_end   timestamptz NOT NULL DEFAULT '-infinity',
  create_time timestamptz NOT NULL,
  read_time   timestamptz
);

CREATE INDEX notifications_user ON notifications (user_id, id DESC);
CREATE INDEX notifications_unread ON notifications (user_id, id DESC) WHERE read_time IS NULL;
