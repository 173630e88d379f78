-- Answers to requests that were sent with an Idempotency-Key, kept for a day. See docs/adr/0010.

CREATE TABLE fhir.idempotency_key (
  key text COLLATE "C" NOT NULL,
  -- SHA-256 of method, address and body.
  request bytea NOT NULL,
  -- Microseconds since 1970 UTC.
  created int8 NOT NULL,
  -- JSON of status, headers and body; null only while the transaction that claimed the key is under way.
  answer text,
  PRIMARY KEY (key)
);
CREATE INDEX idempotency_key_created ON fhir.idempotency_key (created);
