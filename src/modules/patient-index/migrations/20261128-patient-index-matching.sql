-- What persons are compared by, derived from Patients in the transaction that writes them. See docs/adr/0023.

CREATE SCHEMA IF NOT EXISTS patient_index;

-- Persons that share a key are compared. The key is kind * 2^48 + a hash: src/modules/patient-index/matching/block-keys.ts
CREATE TABLE patient_index.block (
  key int8 NOT NULL,
  -- The rid of the Patient.
  person int8 NOT NULL,
  PRIMARY KEY (key, person)
) WITH (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, vacuum_truncate=off);

CREATE TABLE patient_index.person (
  person int8 NOT NULL PRIMARY KEY,
  id text COLLATE "C" NOT NULL,
  -- All its keys, so that those that are gone are found.
  keys int8[] NOT NULL,
  -- JSON, normalised: src/modules/patient-index/matching/person.ts
  features text COLLATE "C" NOT NULL
) WITH (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, vacuum_truncate=off);

-- Weights, thresholds and frequencies, each learnt from the persons of its time; the newest is in force.
CREATE TABLE patient_index.model (
  version int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Microseconds since 1970 UTC.
  learnt_at int8 NOT NULL,
  -- How many were looked at, and how many pairs of them were compared.
  persons int8 NOT NULL,
  pairs int8 NOT NULL,
  expected_f1 float8 NOT NULL,
  content text NOT NULL
);

-- By which rules all persons are indexed: a number that the code raises when keys or features change.
CREATE TABLE patient_index.coverage (
  one bool PRIMARY KEY DEFAULT true CHECK (one),
  rules int4 NOT NULL
);
