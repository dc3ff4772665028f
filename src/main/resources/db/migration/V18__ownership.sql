-- What is a person's is listed by its owner.
CREATE INDEX files_owner ON files (owner, id);
CREATE INDEX jobs_creator ON jobs (creator, id);

-- What the gateway itself asks for and brings is nobody's: a caller could have any name.
UPDATE jobs SET creator = '' WHERE creator = 'schedule';
UPDATE files SET owner = '' WHERE owner = 'export';

-- A unique key belongs to who asked for its job: nobody finds another's by it, or puts it off.
ALTER TABLE job_uniques ADD COLUMN creator text NOT NULL DEFAULT '';
UPDATE job_uniques SET creator = jobs.creator FROM jobs WHERE jobs.id = job_uniques.job;
ALTER TABLE job_uniques DROP CONSTRAINT job_uniques_pkey;
ALTER TABLE job_uniques ADD PRIMARY KEY (type, creator, key);
