-- What was wrong with versions that a lenient policy let in. See docs/adr/0011.

CREATE TABLE fhir.validation_issue (
  rid int8 NOT NULL,
  version int4 NOT NULL,
  -- From 0, in the order in which they were found.
  position int2 NOT NULL,
  severity text NOT NULL,
  code text NOT NULL,
  -- FHIRPath of the element; null where the issue is about the resource.
  expression text,
  diagnostics text NOT NULL,
  PRIMARY KEY (rid, version, position)
);
