-- Work that goes on in the background, and survives the process that does it. See docs/adr/0013.
CREATE SCHEMA IF NOT EXISTS meridian;

-- due_at: when a waiting job may start; when the lease of a running one ends, unless its process renews it. Whoever
-- comes by after that takes it over. lease: drawn at every start, so that a process that lost its job cannot write.
-- attempt: starts since the last saved progress. payload, progress and result are JSON.
CREATE TABLE meridian.job (
  id uuid NOT NULL,
  task text COLLATE "C" NOT NULL,
  key text COLLATE "C",
  payload text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL DEFAULT 'waiting'
    CHECK (status IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  due_at timestamptz NOT NULL,
  lease uuid,
  attempt int4 NOT NULL DEFAULT 0,
  is_cancelled boolean NOT NULL DEFAULT false,
  progress text COLLATE "C",
  result text COLLATE "C",
  failure text COLLATE "C",
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (id)
);
CREATE INDEX job_due ON meridian.job (due_at) WHERE status IN ('waiting', 'running');
CREATE UNIQUE INDEX job_key ON meridian.job (task, key) WHERE status IN ('waiting', 'running');
CREATE INDEX job_ended ON meridian.job (ended_at) WHERE ended_at IS NOT NULL;

-- Every start, heart-beat and progress is an update: room for them on the page, and clean-up before it is full.
ALTER TABLE meridian.job SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
