-- What is referred to and not there: placeholders, and deleted resources.
CREATE INDEX resource_absent ON fhir.resource (rid) WHERE method IN (0, 3);
