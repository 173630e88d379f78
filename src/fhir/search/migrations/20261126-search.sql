-- Searches that begin with all resources of a type, count them, or look for what has no such value, see here which are
-- alive, without a visit to the resource. See docs/adr/0008.
CREATE INDEX resource_live ON fhir.resource (rid) WHERE method NOT IN (0, 3);
