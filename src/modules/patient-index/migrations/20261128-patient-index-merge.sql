-- Who was merged into whom, what was moved by it, and back. See docs/adr/0024.

CREATE SCHEMA IF NOT EXISTS patient_index;

-- source and target are rids of Patients; the ids stand here too, since chains are followed by them.
CREATE TABLE patient_index.merge (
  merge int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source int8 NOT NULL,
  target int8 NOT NULL,
  source_id text COLLATE "C" NOT NULL,
  target_id text COLLATE "C" NOT NULL,
  -- Versions of both Patients.
  source_before int4 NOT NULL,
  source_after int4 NOT NULL,
  target_before int4 NOT NULL,
  target_after int4 NOT NULL,
  -- How many resources were moved, those carried afterwards included.
  items int4 NOT NULL,
  reason text NOT NULL,
  merged_by text NOT NULL,
  merged_by_name text NOT NULL,
  -- Microseconds since 1970 UTC.
  merged_at int8 NOT NULL,
  unmerge_reason text,
  unmerged_by text,
  unmerged_by_name text,
  unmerged_at int8
);
-- A Patient is superseded by one survivor at most.
CREATE UNIQUE INDEX merge_source ON patient_index.merge (source) WHERE unmerged_at IS NULL;
CREATE UNIQUE INDEX merge_source_id ON patient_index.merge (source_id) WHERE unmerged_at IS NULL;
CREATE INDEX merge_target_id ON patient_index.merge (target_id);
CREATE INDEX merge_target ON patient_index.merge (target) WHERE unmerged_at IS NULL;
CREATE INDEX merge_of_source ON patient_index.merge (source);
CREATE INDEX merge_of_source_id ON patient_index.merge (source_id);

-- A resource that referred to the source: its versions before and after, and where the references stood.
CREATE TABLE patient_index.merge_item (
  merge int8 NOT NULL REFERENCES patient_index.merge,
  rid int8 NOT NULL,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  before int4 NOT NULL,
  after int4 NOT NULL,
  paths text[] NOT NULL,
  -- Written to the superseded Patient after the merge, and carried to the survivor.
  is_carried boolean NOT NULL DEFAULT false,
  PRIMARY KEY (merge, rid)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05, vacuum_truncate = off);
CREATE INDEX merge_item_rid ON patient_index.merge_item (rid);

-- A grant (fhir.access_grant) that stood at the source, and whether the survivor had it already.
CREATE TABLE patient_index.merge_grant (
  merge int8 NOT NULL REFERENCES patient_index.merge,
  key int8 NOT NULL,
  source int8 NOT NULL,
  was_shared boolean NOT NULL,
  PRIMARY KEY (merge, key, source)
);

-- What a clerk decided, before an unmerge, about a resource that no rule could place.
CREATE TABLE patient_index.unmerge_decision (
  merge int8 NOT NULL REFERENCES patient_index.merge,
  rid int8 NOT NULL,
  to_source boolean NOT NULL,
  decided_by text NOT NULL,
  decided_at int8 NOT NULL,
  PRIMARY KEY (merge, rid)
);
