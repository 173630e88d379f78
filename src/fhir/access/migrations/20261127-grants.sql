-- Whose record is open to whom, kept by the modules in the transaction of whatever opens or closes it; searches join it.
-- A party is the rid of a Practitioner, Organization, Patient ...; the key is party * 256 + kind of relationship.
CREATE TABLE fhir.access_grant (
  key int8 NOT NULL,
  patient int8 NOT NULL,
  -- The rid of the resource that opens it (an Encounter, a Consent), or the negative of a number that a module draws.
  source int8 NOT NULL,
  -- Microseconds since 1970 UTC, half open: from when until when it holds.
  low int8 NOT NULL DEFAULT -9223372036854775808,
  high int8 NOT NULL DEFAULT 9223372036854775807,
  -- If set, only what is dated in this range is open.
  data_low int8,
  data_high int8,
  PRIMARY KEY (key, patient, source)
) WITH (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, vacuum_truncate=off);
CREATE INDEX access_grant_patient ON fhir.access_grant (patient, key, high);
CREATE INDEX access_grant_source ON fhir.access_grant (source);
