-- The log of changes (the outbox): one row for each statement that wrote versions. See docs/adr/0014.

-- rids and versions run in parallel. The number is drawn while the written resources are locked, so that it orders the
-- versions of each. It is drawn after the transaction has its xid: src/fhir/changes/queries.ts relies on that.
CREATE SEQUENCE fhir.change_number AS int8;
CREATE TABLE fhir.change (
  xid xid8 NOT NULL,
  number int8 NOT NULL,
  written timestamptz NOT NULL DEFAULT now(),
  rids int8[] NOT NULL,
  versions int4[] NOT NULL,
  PRIMARY KEY (number)
);
CREATE INDEX change_xid ON fhir.change (xid, number);

-- Rows up to this number may have been deleted for their age.
CREATE TABLE fhir.change_trimmed (
  number int8 NOT NULL
);
INSERT INTO fhir.change_trimmed (number) VALUES (0);

-- How far each reader of the log has come (src/fhir/changes/position.ts); null before its first reading.
CREATE TABLE fhir.change_reader (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  position text COLLATE "C",
  moved timestamptz NOT NULL DEFAULT now()
);
