-- Pairs of Patients that may be one person, for index clerks to decide. See docs/adr/0024.

CREATE SCHEMA IF NOT EXISTS patient_index;

CREATE TABLE patient_index.review (
  review int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Rids and ids of both Patients; the lesser rid stands left.
  left_patient int8 NOT NULL,
  right_patient int8 NOT NULL,
  left_id text COLLATE "C" NOT NULL,
  right_id text COLLATE "C" NOT NULL,
  score float8 NOT NULL,
  band text NOT NULL,
  -- JSON: src/modules/patient-index/evidence.ts
  evidence text NOT NULL,
  -- open, deferred, linked, different, or withdrawn: no longer alike, or one of both is gone.
  state text NOT NULL DEFAULT 'open',
  -- Microseconds since 1970 UTC, as all times here.
  found_at int8 NOT NULL,
  due_at int8 NOT NULL,
  -- While claimed_until is to come, nobody else decides.
  claimed_by text,
  claimed_by_name text,
  claimed_until int8 NOT NULL DEFAULT 0,
  decided_by text,
  decided_by_name text,
  decided_at int8,
  reason text,
  merge int8,
  UNIQUE (left_patient, right_patient)
);
CREATE INDEX review_right ON patient_index.review (right_patient);
CREATE INDEX review_work ON patient_index.review (score, review) WHERE state IN ('open', 'deferred');
CREATE INDEX review_decided ON patient_index.review (decided_at, review) WHERE decided_at IS NOT NULL;

-- Patients that were written since they were last compared with the others.
CREATE TABLE patient_index.review_pending (
  patient int8 NOT NULL PRIMARY KEY
);
