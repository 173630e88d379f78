-- What an unfinished import remembers, so that the same command goes on after a crash. See docs/guides/import.md.
CREATE SCHEMA IF NOT EXISTS meridian;

-- identity: hash of a file's size, time of change and first bytes. position: items (entries, resources) of the file,
-- counted from its start, that are settled; settled in the same transaction as what they brought.
CREATE TABLE meridian.import_file (
  identity text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  position int8 NOT NULL,
  is_complete boolean NOT NULL,
  counts text COLLATE "C" NOT NULL,
  touched_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (identity)
);

-- Entries that refer to what has not been seen yet: tried again when all files are read. key: as in import_alias.
CREATE TABLE meridian.import_deferred (
  identity text COLLATE "C" NOT NULL,
  item int8 NOT NULL,
  document int8 NOT NULL,
  line int8 NOT NULL,
  entry int4,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  key text COLLATE "C",
  content text COLLATE "C" NOT NULL,
  PRIMARY KEY (identity, item)
);
CREATE INDEX import_deferred_key ON meridian.import_deferred (key);

CREATE TABLE meridian.import_rejection (
  identity text COLLATE "C" NOT NULL,
  item int8 NOT NULL,
  line int8 NOT NULL,
  entry int4,
  outcome text COLLATE "C" NOT NULL,
  type text COLLATE "C",
  id text COLLATE "C",
  reason text COLLATE "C" NOT NULL,
  PRIMARY KEY (identity, item)
);

-- What a fullUrl stands for where that cannot be read from it. key: the fullUrl, if it is a UUID, which means the same
-- everywhere; otherwise what it means in one Bundle, as `identity/document fullUrl`.
CREATE TABLE meridian.import_alias (
  key text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  PRIMARY KEY (key)
);
