-- What the module consent must come back to; the consents themselves are FHIR Consents.

CREATE SCHEMA consent;

-- When the state of a Consent changes by itself. Access ends without this: the grants know their own end.
CREATE TABLE consent.deadline (
  id text COLLATE "C" PRIMARY KEY,
  -- Milliseconds since 1970 UTC.
  at int8 NOT NULL
);
CREATE INDEX deadline_at ON consent.deadline (at);
