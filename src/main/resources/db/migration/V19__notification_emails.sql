-- e-mails are sent by jobs, of which a gateway has each to itself
ALTER TABLE notifications DROP COLUMN claim_end;
