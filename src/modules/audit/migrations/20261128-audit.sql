-- The trail: who looked at, changed, decided or was refused what, and the seal on it. See docs/adr/0022.

CREATE SCHEMA audit;

-- Server processes take numbers in blocks of 1024: the process that drew n owns n .. n + 1023.
CREATE SEQUENCE audit.event_number AS int8 START 1024 INCREMENT 1024;

-- Who acted: a row for each sign-in of a person, not for each look. The id is the beginning of the SHA-256 of the content,
-- so that no row can be changed unnoticed.
CREATE TABLE audit.agent (
  id int8 NOT NULL PRIMARY KEY,
  content text COLLATE "C" NOT NULL
);

-- at: microseconds since 1970 UTC. who: hash of the agent's reference, whatever their sign-in. entities: `Observation/1/2`
-- (version 2) and patients: ids, both separated by spaces. mac: made with a key that is not in the database.
CREATE TABLE audit.event (
  number int8 NOT NULL,
  at int8 NOT NULL,
  who int8 NOT NULL,
  agent int8 NOT NULL,
  mac int8 NOT NULL,
  action text COLLATE "C" NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  interaction text COLLATE "C" NOT NULL,
  entities text COLLATE "C" NOT NULL,
  patients text COLLATE "C" NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (number, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_who ON audit.event (who, at);
CREATE INDEX event_patient ON audit.event (hashtextextended(patients, 0), at) WHERE patients <> '';
CREATE INDEX event_patients ON audit.event USING gin (string_to_array(patients, ' ')) WHERE patients LIKE '% %';
CREATE INDEX event_at ON audit.event USING brin (at);

-- For what has a date that no month was made for.
CREATE TABLE audit.event_other PARTITION OF audit.event DEFAULT;

-- Events that are committed and in no block yet: numbers low .. high, all of one month (202611).
CREATE TABLE audit.unsealed (
  low int8 NOT NULL PRIMARY KEY,
  high int8 NOT NULL,
  month int4 NOT NULL
);

-- The keys with which blocks were signed: Ed25519, base64 of the SubjectPublicKeyInfo.
CREATE TABLE audit.key (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  public text COLLATE "C" NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);

-- The seal: each month is a chain of blocks. missing: of how many numbers nothing was there any more when it was sealed.
CREATE TABLE audit.block (
  month int4 NOT NULL,
  number int8 NOT NULL,
  numbers int8multirange NOT NULL,
  count int4 NOT NULL,
  missing int4 NOT NULL,
  low_at int8 NOT NULL,
  high_at int8 NOT NULL,
  digest bytea NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  key text COLLATE "C" NOT NULL,
  signature bytea NOT NULL,
  sealed_at int8 NOT NULL,
  PRIMARY KEY (month, number)
);

-- Daily roots: the last block of every month at the end of a day (UTC), chained and signed.
CREATE TABLE audit.root (
  number int8 NOT NULL PRIMARY KEY,
  day date NOT NULL,
  heads text COLLATE "C" NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  key text COLLATE "C" NOT NULL,
  signature bytea NOT NULL
);

-- What the last verifications found.
CREATE TABLE audit.verification (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started timestamptz NOT NULL,
  ended timestamptz NOT NULL,
  since int8,
  events int8 NOT NULL,
  blocks int8 NOT NULL,
  findings int8 NOT NULL,
  examples jsonb NOT NULL
);

-- Nothing of the trail is ever changed. Whoever may switch this off is found by the chain; this stops slips.
CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The trail is only ever added to: % of % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER event_whole BEFORE TRUNCATE ON audit.event FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER event_other_whole BEFORE TRUNCATE ON audit.event_other FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER agent_kept BEFORE UPDATE OR DELETE ON audit.agent FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER agent_whole BEFORE TRUNCATE ON audit.agent FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER block_kept BEFORE UPDATE OR DELETE ON audit.block FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER block_whole BEFORE TRUNCATE ON audit.block FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER root_kept BEFORE UPDATE OR DELETE ON audit.root FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER root_whole BEFORE TRUNCATE ON audit.root FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();

-- Makes the part of a month (202611) when it is not there; low and high are its first and its next month's microsecond.
-- Attaching lets others go on inserting. Where it cannot be done, such as for a lock, events go into event_other.
CREATE FUNCTION audit.prepare_month(month int4, low int8, high int8) RETURNS boolean LANGUAGE plpgsql
SET lock_timeout = '3s' AS $$
DECLARE
  part text := 'event_' || month;
BEGIN
  IF to_regclass('audit.' || part) IS NOT NULL THEN RETURN true; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.prepare_month', 0));
  IF to_regclass('audit.' || part) IS NOT NULL THEN RETURN true; END IF;
  EXECUTE format(
    'CREATE TABLE audit.%I (LIKE audit.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
       WITH (autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 0.05)', part);
  EXECUTE format('ALTER TABLE audit.event ATTACH PARTITION audit.%I FOR VALUES FROM (%s) TO (%s)', part, low, high);
  EXECUTE format(
    'CREATE TRIGGER %I BEFORE TRUNCATE ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()', part || '_whole', part);
  RETURN true;
EXCEPTION WHEN lock_not_available OR check_violation THEN
  RETURN false;
END $$;

-- What somebody should look into: an unusual look, or what a resident asks. One for each agent, patient and day.
CREATE TABLE audit.concern (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day date NOT NULL,
  agent text COLLATE "C" NOT NULL,
  agent_display text NOT NULL,
  patient text COLLATE "C" NOT NULL,
  -- own-family, colleague, same-household, volume, hours, emergency, restricted, question
  kinds text[] NOT NULL,
  -- For each kind, what it was seen by; of a question, its text.
  reasons jsonb NOT NULL,
  first_event int8 NOT NULL,
  first_at int8 NOT NULL,
  looks int4 NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'fine', 'asked', 'incident')),
  reviewer text COLLATE "C",
  reviewer_display text,
  note text,
  reviewed timestamptz,
  made timestamptz NOT NULL DEFAULT now(),
  version int4 NOT NULL DEFAULT 1,
  UNIQUE (agent, patient, day)
);
CREATE INDEX concern_state ON audit.concern (state, number DESC);
CREATE INDEX concern_patient ON audit.concern (patient, number DESC);

-- How far looks have been searched for what is unusual: up to this block of each month.
CREATE TABLE audit.watched (
  month int4 NOT NULL PRIMARY KEY,
  block int8 NOT NULL
);

-- How many different patients each agent looked at, a day.
CREATE TABLE audit.volume (
  agent text COLLATE "C" NOT NULL,
  day date NOT NULL,
  patients int4 NOT NULL,
  PRIMARY KEY (agent, day)
);
