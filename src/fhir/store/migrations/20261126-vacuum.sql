-- Vacuum by hundredths, not by fifths: in a large record a fifth is a hundred million rows, whose pages no count could
-- skip and whose dead versions nothing would remove. Inserts alone let vacuum mark pages without reading an index.
-- Freed pages at the end of a table are kept: giving them back would lock out everybody. See docs/adr/0016.

ALTER TABLE fhir.resource SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
ALTER TABLE fhir.resource_history SET (
  autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 100000, vacuum_truncate = off
);
ALTER TABLE fhir.token SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
ALTER TABLE fhir.reference SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
ALTER TABLE fhir.date SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
ALTER TABLE fhir.quantity SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
ALTER TABLE fhir.string SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
