-- The shared record: current versions, superseded versions, and the search index. See docs/adr/0002.

CREATE SCHEMA fhir;

-- Server processes take numbers in blocks of 512: the process that drew n owns n .. n + 511.
CREATE SEQUENCE fhir.resource_number AS int8 START 512 INCREMENT 512;

-- rid = type << 36 | number: resources of one type lie together, and a rid tells its type.
-- method: 0 placeholder (referred to, never written), 1 POST, 2 PUT, 3 DELETE, 4 PATCH.
-- content is the JSON text as it is returned, meta.versionId and meta.lastUpdated included; null when there is none.
CREATE TABLE fhir.resource (
  rid int8 NOT NULL,
  updated int8 NOT NULL,
  version int4 NOT NULL,
  type int2 NOT NULL,
  method int2 NOT NULL,
  id text COLLATE "C" NOT NULL,
  content text,
  PRIMARY KEY (rid)
);
CREATE UNIQUE INDEX resource_id ON fhir.resource (id, type);
CREATE INDEX resource_updated ON fhir.resource (type, updated, rid);

-- Superseded versions only; the current one stands in fhir.resource.
CREATE TABLE fhir.resource_history (
  rid int8 NOT NULL,
  updated int8 NOT NULL,
  version int4 NOT NULL,
  type int2 NOT NULL,
  method int2 NOT NULL,
  id text COLLATE "C" NOT NULL,
  content text,
  PRIMARY KEY (rid, version)
);
CREATE INDEX resource_history_updated ON fhir.resource_history (type, updated, rid);

-- key: 64-bit hash of path, system and code (src/fhir/indexing/token-key.ts).
CREATE TABLE fhir.token (
  key int8 NOT NULL,
  rid int8 NOT NULL,
  PRIMARY KEY (key, rid)
);

-- Searches choose their way by how frequent a key is: a hundred most common ones are too few.
ALTER TABLE fhir.token ALTER COLUMN key SET STATISTICS 1000;

-- What stands behind a coded key: for searches by code alone, by system, and by text.
CREATE TABLE fhir.token_code (
  key int8 NOT NULL,
  path int4 NOT NULL,
  system text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  PRIMARY KEY (key)
);
CREATE INDEX token_code_code ON fhir.token_code (path, code);
CREATE INDEX token_code_system ON fhir.token_code (path, system);

-- Texts seen beside a coded key: display of the coding, text of the concept; value is normalised, original as written.
CREATE TABLE fhir.token_text (
  key int8 NOT NULL,
  path int4 NOT NULL,
  value text COLLATE "C" NOT NULL,
  original text COLLATE "C" NOT NULL,
  PRIMARY KEY (key, original)
);
CREATE INDEX token_text_path ON fhir.token_text (path);

-- key = path << 44 | rid of the target: exact, and all targets of a type lie together.
CREATE TABLE fhir.reference (
  key int8 NOT NULL,
  rid int8 NOT NULL,
  PRIMARY KEY (key, rid)
);
CREATE INDEX reference_source ON fhir.reference (rid, key);
ALTER TABLE fhir.reference ALTER COLUMN key SET STATISTICS 1000;

-- Microseconds since 1970 UTC, half-open [low, high).
CREATE TABLE fhir.date (
  path int4 NOT NULL,
  low int8 NOT NULL,
  high int8 NOT NULL,
  rid int8 NOT NULL
);
CREATE INDEX date_low ON fhir.date (path, low, rid) INCLUDE (high);
CREATE INDEX date_source ON fhir.date (rid, path) INCLUDE (low, high);

-- Numbers have unit 0; a plain value has low = high.
CREATE TABLE fhir.quantity (
  path int4 NOT NULL,
  unit int4 NOT NULL,
  low float8 NOT NULL,
  high float8 NOT NULL,
  rid int8 NOT NULL
);
CREATE INDEX quantity_low ON fhir.quantity (path, low, rid) INCLUDE (high, unit);
CREATE INDEX quantity_source ON fhir.quantity (rid, path) INCLUDE (low, high, unit);

CREATE TABLE fhir.unit (
  unit int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  system text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  UNIQUE (system, code, name)
);

-- Strings: value is normalised, original as written where it differs. Uris: value as written.
CREATE TABLE fhir.string (
  path int4 NOT NULL,
  value text COLLATE "C" NOT NULL,
  original text COLLATE "C",
  rid int8 NOT NULL
);
CREATE INDEX string_value ON fhir.string (path, (left(value, 64)), rid);
CREATE INDEX string_source ON fhir.string (rid, path);
