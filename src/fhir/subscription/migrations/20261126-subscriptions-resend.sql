-- How often it was asked to send events once more, and up to which of these requests that was done.
ALTER TABLE fhir.subscription ADD COLUMN asked int4 NOT NULL DEFAULT 0;
ALTER TABLE fhir.subscription ADD COLUMN answered int4 NOT NULL DEFAULT 0;
