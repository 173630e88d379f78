-- The migrated database, printed by "npm run generate" for review. Never edit it: write a migration.

create schema fhir;
create schema meridian;
create schema terminology;

create sequence fhir.change_number as bigint start 1 increment 1;
create sequence fhir.resource_number as bigint start 512 increment 512;
create sequence fhir.search_path as integer start 131072 increment 1;

CREATE OR REPLACE FUNCTION terminology.count_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  UPDATE terminology.generation SET generation = generation + 1
  WHERE xmin IS DISTINCT FROM pg_current_xact_id()::xid;
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION terminology.keep_canonical()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM terminology.canonical WHERE rid = OLD.rid;
    RETURN NULL;
  END IF;
  DELETE FROM terminology.canonical WHERE rid = NEW.rid;
  IF NEW.content IS NOT NULL THEN
    INSERT INTO terminology.canonical (rid, type, resource_version, updated, url, version, supplements, length)
    SELECT NEW.rid, NEW.type, NEW.version, NEW.updated, r.url, r.version, split_part(r.supplements, '|', 1),
      octet_length(NEW.content)
    FROM json_to_record(NEW.content::json) AS r (url text, version text, supplements text)
    WHERE r.url IS NOT NULL;
  END IF;
  RETURN NULL;
END $function$
;

create table fhir."position" (
  path integer not null,
  latitude double precision not null,
  longitude double precision not null,
  rid bigint not null
);
create table fhir.access_grant (
  key bigint not null,
  patient bigint not null,
  source bigint not null,
  low bigint not null default '-9223372036854775808'::bigint,
  high bigint not null default '9223372036854775807'::bigint,
  data_low bigint,
  data_high bigint,
  constraint access_grant_pkey PRIMARY KEY (key, patient, source)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.change (
  xid xid8 not null,
  number bigint not null,
  written timestamp with time zone not null default now(),
  rids bigint[] not null,
  versions integer[] not null,
  constraint change_pkey PRIMARY KEY (number)
);
create table fhir.change_reader (
  name text collate "C" not null,
  "position" text collate "C",
  moved timestamp with time zone not null default now(),
  constraint change_reader_pkey PRIMARY KEY (name)
);
create table fhir.change_trimmed (
  number bigint not null
);
create table fhir.composite_key (
  key bigint not null,
  value bigint not null,
  rid bigint not null,
  constraint composite_key_pkey PRIMARY KEY (key, value, rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.composite_range (
  path integer not null,
  unit integer not null,
  key bigint not null,
  low double precision not null,
  high double precision not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.composite_ranges (
  path integer not null,
  unit integer not null,
  second_unit integer not null,
  key bigint not null,
  low double precision not null,
  high double precision not null,
  second_low double precision not null,
  second_high double precision not null,
  rid bigint not null
);
create table fhir.composite_string (
  path integer not null,
  key bigint not null,
  value text collate "C" not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.date (
  path integer not null,
  low bigint not null,
  high bigint not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create unlogged table fhir.expected_token (
  key bigint not null,
  rid bigint not null
);
create table fhir.idempotency_key (
  key text collate "C" not null,
  request bytea not null,
  created bigint not null,
  answer text,
  constraint idempotency_key_pkey PRIMARY KEY (key)
);
create table fhir.index_generation (
  number bigint not null,
  extractor integer,
  rebuilt integer
);
create table fhir.quantity (
  path integer not null,
  unit integer not null,
  low double precision not null,
  high double precision not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.reference (
  key bigint not null,
  rid bigint not null,
  constraint reference_pkey PRIMARY KEY (key, rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.resource (
  rid bigint not null,
  updated bigint not null,
  version integer not null,
  type smallint not null,
  method smallint not null,
  id text collate "C" not null,
  content text,
  constraint resource_pkey PRIMARY KEY (rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.resource_history (
  rid bigint not null,
  updated bigint not null,
  version integer not null,
  type smallint not null,
  method smallint not null,
  id text collate "C" not null,
  content text,
  constraint resource_history_pkey PRIMARY KEY (rid, version)
) with (autovacuum_vacuum_insert_scale_factor=0.02, autovacuum_vacuum_insert_threshold=100000, vacuum_truncate=off);
create table fhir.search_parameter (
  number integer generated always as identity not null,
  id text collate "C" not null,
  definition text collate "C" not null,
  paths text collate "C" not null,
  state text collate "C" not null,
  percent integer not null default 0,
  constraint search_parameter_pkey PRIMARY KEY (number),
  constraint search_parameter_state_check CHECK ((state = ANY (ARRAY['indexing'::text, 'active'::text, 'removing'::text])))
);
create table fhir.string (
  path integer not null,
  value text collate "C" not null,
  original text collate "C",
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.subscription (
  rid bigint not null,
  id text collate "C" not null,
  version integer not null,
  status text collate "C" not null,
  channel text collate "C" not null,
  agreement text collate "C" not null,
  issued bigint not null default 0,
  sent bigint not null default 0,
  attempts integer not null default 0,
  failing_since timestamp with time zone,
  failure text,
  contacted timestamp with time zone,
  due timestamp with time zone,
  owner uuid,
  lease timestamp with time zone,
  asked integer not null default 0,
  answered integer not null default 0,
  constraint subscription_pkey PRIMARY KEY (rid)
);
create table fhir.subscription_binding (
  token bytea not null,
  subscriptions bigint[] not null,
  expires timestamp with time zone not null,
  constraint subscription_binding_pkey PRIMARY KEY (token)
);
create table fhir.subscription_event (
  subscription bigint not null,
  number bigint not null,
  written timestamp with time zone not null,
  rid bigint not null,
  version integer not null,
  constraint subscription_event_pkey PRIMARY KEY (subscription, number)
);
create table fhir.subscription_generation (
  number bigint not null
);
create table fhir.subscription_letter (
  subscription bigint not null,
  number bigint not null,
  since timestamp with time zone not null default now(),
  reason text,
  resend boolean not null,
  constraint subscription_letter_pkey PRIMARY KEY (subscription, number)
);
create table fhir.token (
  key bigint not null,
  rid bigint not null,
  constraint token_pkey PRIMARY KEY (key, rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.token_code (
  key bigint not null,
  path integer not null,
  system text collate "C" not null,
  code text collate "C" not null,
  constraint token_code_pkey PRIMARY KEY (key)
);
create table fhir.token_text (
  key bigint not null,
  path integer not null,
  value text collate "C" not null,
  original text collate "C" not null,
  constraint token_text_pkey PRIMARY KEY (key, original)
);
create table fhir.unit (
  unit integer generated always as identity not null,
  system text collate "C" not null,
  code text collate "C" not null,
  name text collate "C" not null,
  dimension text collate "C",
  factor double precision,
  shift double precision,
  constraint unit_pkey PRIMARY KEY (unit),
  constraint unit_system_code_name_key UNIQUE (system, code, name)
);
create table fhir.validation_issue (
  rid bigint not null,
  version integer not null,
  "position" smallint not null,
  severity text not null,
  code text not null,
  expression text,
  diagnostics text not null,
  constraint validation_issue_pkey PRIMARY KEY (rid, version, "position")
);
create table fhir.words (
  rid bigint not null,
  narrative tsvector,
  content tsvector,
  constraint words_pkey PRIMARY KEY (rid)
);
create table meridian.demonstration_region (
  seed integer not null,
  residents integer not null,
  generated_for date not null,
  is_complete boolean not null,
  constraint demonstration_region_pkey PRIMARY KEY (seed)
);
create table meridian.export_member (
  export uuid not null,
  rid bigint not null,
  constraint export_member_pkey PRIMARY KEY (export, rid)
);
create table meridian.import_alias (
  key text collate "C" not null,
  type text collate "C" not null,
  id text collate "C" not null,
  constraint import_alias_pkey PRIMARY KEY (key)
);
create table meridian.import_deferred (
  identity text collate "C" not null,
  item bigint not null,
  document bigint not null,
  line bigint not null,
  entry integer,
  type text collate "C" not null,
  id text collate "C" not null,
  key text collate "C",
  content text collate "C" not null,
  constraint import_deferred_pkey PRIMARY KEY (identity, item)
);
create table meridian.import_file (
  identity text collate "C" not null,
  path text collate "C" not null,
  "position" bigint not null,
  is_complete boolean not null,
  counts text collate "C" not null,
  touched_at timestamp with time zone not null default now(),
  constraint import_file_pkey PRIMARY KEY (identity)
);
create table meridian.import_rejection (
  identity text collate "C" not null,
  item bigint not null,
  line bigint not null,
  entry integer,
  outcome text collate "C" not null,
  type text collate "C",
  id text collate "C",
  reason text collate "C" not null,
  constraint import_rejection_pkey PRIMARY KEY (identity, item)
);
create table meridian.job (
  id uuid not null,
  task text collate "C" not null,
  key text collate "C",
  payload text collate "C" not null,
  status text collate "C" not null default 'waiting'::text,
  due_at timestamp with time zone not null,
  lease uuid,
  attempt integer not null default 0,
  is_cancelled boolean not null default false,
  progress text collate "C",
  result text collate "C",
  failure text collate "C",
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint job_pkey PRIMARY KEY (id),
  constraint job_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=500, fillfactor=50);
create table meridian.migration (
  name text collate "C" not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);
create table terminology.canonical (
  rid bigint not null,
  type smallint not null,
  resource_version integer not null,
  updated bigint not null,
  url text collate "C" not null,
  version text collate "C",
  supplements text collate "C",
  length integer not null,
  constraint canonical_pkey PRIMARY KEY (rid)
);
create table terminology.concept (
  number integer not null,
  concept_set integer not null,
  flags smallint not null,
  code text collate "C" not null,
  display text,
  content text not null,
  parents integer[] not null,
  ancestors integer[] not null,
  words tsvector not null,
  constraint concept_pkey PRIMARY KEY (number)
);
create table terminology.concept_set (
  concept_set integer generated always as identity not null,
  rid bigint not null,
  resource_version integer,
  first_number integer not null,
  size integer not null,
  is_ready boolean not null,
  created timestamp with time zone not null default now(),
  constraint concept_set_pkey PRIMARY KEY (concept_set)
);
create table terminology.generation (
  is_only boolean not null default true,
  generation bigint not null,
  constraint generation_is_only_check CHECK (is_only),
  constraint generation_pkey PRIMARY KEY (is_only)
);
create table terminology.numbering (
  is_only boolean not null default true,
  next_number integer not null,
  constraint numbering_is_only_check CHECK (is_only),
  constraint numbering_pkey PRIMARY KEY (is_only)
);

CREATE INDEX access_grant_patient ON fhir.access_grant USING btree (patient, key, high);
CREATE INDEX access_grant_source ON fhir.access_grant USING btree (source);
CREATE INDEX canonical_supplements ON terminology.canonical USING btree (supplements) WHERE (supplements IS NOT NULL);
CREATE INDEX canonical_type ON terminology.canonical USING btree (type, rid);
CREATE INDEX canonical_url ON terminology.canonical USING btree (url, type);
CREATE INDEX change_xid ON fhir.change USING btree (xid, number);
CREATE INDEX composite_key_source ON fhir.composite_key USING btree (rid);
CREATE INDEX composite_range_low ON fhir.composite_range USING btree (key, low, rid) INCLUDE (high, unit);
CREATE INDEX composite_range_source ON fhir.composite_range USING btree (rid, path) INCLUDE (key, low, high, unit);
CREATE INDEX composite_ranges_low ON fhir.composite_ranges USING btree (key, low, rid);
CREATE INDEX composite_ranges_source ON fhir.composite_ranges USING btree (rid, path);
CREATE INDEX composite_string_source ON fhir.composite_string USING btree (rid, path);
CREATE INDEX composite_string_value ON fhir.composite_string USING btree (key, "left"(value, 64), rid);
CREATE INDEX concept_set_rid ON terminology.concept_set USING btree (rid);
CREATE INDEX concept_words ON terminology.concept USING gin (words);
CREATE INDEX date_low ON fhir.date USING btree (path, low, rid) INCLUDE (high);
CREATE INDEX date_source ON fhir.date USING btree (rid, path) INCLUDE (low, high);
CREATE INDEX idempotency_key_created ON fhir.idempotency_key USING btree (created);
CREATE INDEX import_deferred_key ON meridian.import_deferred USING btree (key);
CREATE INDEX job_due ON meridian.job USING btree (due_at) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE INDEX job_ended ON meridian.job USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX position_latitude ON fhir."position" USING btree (path, latitude, rid) INCLUDE (longitude);
CREATE INDEX position_source ON fhir."position" USING btree (rid, path) INCLUDE (latitude, longitude);
CREATE INDEX quantity_low ON fhir.quantity USING btree (path, low, rid) INCLUDE (high, unit);
CREATE INDEX quantity_range ON fhir.quantity USING btree (path, high, rid) INCLUDE (low, unit) WHERE (low < high);
CREATE INDEX quantity_source ON fhir.quantity USING btree (rid, path) INCLUDE (low, high, unit);
CREATE INDEX quantity_unit ON fhir.quantity USING btree (path, unit, low, rid) INCLUDE (high);
CREATE INDEX reference_source ON fhir.reference USING btree (rid, key);
CREATE INDEX resource_absent ON fhir.resource USING btree (rid) WHERE (method = ANY (ARRAY[0, 3]));
CREATE INDEX resource_deleted ON fhir.resource USING btree (type, updated, rid) WHERE (method = 3);
CREATE INDEX resource_history_deleted ON fhir.resource_history USING btree (type, updated, rid) WHERE (method = 3);
CREATE INDEX resource_history_updated ON fhir.resource_history USING btree (type, updated, rid);
CREATE INDEX resource_live ON fhir.resource USING btree (rid) WHERE (method <> ALL (ARRAY[0, 3]));
CREATE INDEX resource_updated ON fhir.resource USING btree (type, updated, rid);
CREATE INDEX string_source ON fhir.string USING btree (rid, path);
CREATE INDEX string_value ON fhir.string USING btree (path, "left"(value, 64), rid);
CREATE INDEX subscription_due ON fhir.subscription USING btree (due) WHERE (due IS NOT NULL);
CREATE INDEX token_code_code ON fhir.token_code USING btree (path, code);
CREATE INDEX token_code_system ON fhir.token_code USING btree (path, system);
CREATE INDEX token_text_path ON fhir.token_text USING btree (path);
CREATE INDEX unit_dimension ON fhir.unit USING btree (dimension);
CREATE INDEX words_content ON fhir.words USING gin (content);
CREATE INDEX words_narrative ON fhir.words USING gin (narrative);
CREATE UNIQUE INDEX concept_code ON terminology.concept USING btree (concept_set, code);
CREATE UNIQUE INDEX job_key ON meridian.job USING btree (task, key) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE UNIQUE INDEX resource_id ON fhir.resource USING btree (id, type);
CREATE UNIQUE INDEX search_parameter_id ON fhir.search_parameter USING btree (id) WHERE (state <> 'removing'::text);
CREATE UNIQUE INDEX subscription_id ON fhir.subscription USING btree (id);

CREATE CONSTRAINT TRIGGER count_generation AFTER INSERT OR UPDATE ON fhir.resource DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.count_generation();
CREATE CONSTRAINT TRIGGER count_generation_of_deletion AFTER DELETE ON fhir.resource DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.count_generation();
CREATE TRIGGER forget_canonical AFTER DELETE ON fhir.resource FOR EACH ROW WHEN ((old.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.keep_canonical();
CREATE TRIGGER keep_canonical AFTER INSERT OR UPDATE ON fhir.resource FOR EACH ROW WHEN ((new.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.keep_canonical();
