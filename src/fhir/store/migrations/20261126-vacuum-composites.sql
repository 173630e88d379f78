-- The tables of composites grow as those of single values do. See docs/adr/0016.

ALTER TABLE fhir.composite_key SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
ALTER TABLE fhir.composite_range SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
ALTER TABLE fhir.composite_string SET (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
  autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
);
