-- Vacuum by hundredths, not by fifths: in a large record a fifth is a hundred million rows, whose pages no count could
-- skip and whose dead versions nothing would remove. Inserts alone let vacuum mark pages without reading an index.
-- Freed pages at the end of a table are kept: giving them back would lock out everybody. See docs/adr/0016.

DO $$
DECLARE
  growing text;
BEGIN
  FOREACH growing IN ARRAY ARRAY[
    'resource', 'token', 'reference', 'date', 'quantity', 'string', 'composite_key', 'composite_range',
    'composite_string'
  ]
  LOOP
    EXECUTE format(
      'ALTER TABLE fhir.%I SET (
        autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01,
        autovacuum_vacuum_insert_threshold = 100000, autovacuum_analyze_scale_factor = 0.02, vacuum_truncate = off
      )',
      growing
    );
  END LOOP;
END
$$;

ALTER TABLE fhir.resource_history SET (
  autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_insert_threshold = 100000, vacuum_truncate = off
);
