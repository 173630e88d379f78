-- The FHIR server follows superseded Patients by fhir.superseded, which holds the last of each chain of merges that stand.
CREATE FUNCTION patient_index.keep_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed int8[];
BEGIN
  WITH RECURSIVE upstream AS (
    SELECT NEW.source AS rid
    UNION
    SELECT m.source FROM patient_index.merge m JOIN upstream u ON m.target = u.rid WHERE m.unmerged_at IS NULL
  )
  SELECT array_agg(rid) INTO changed FROM upstream;
  DELETE FROM fhir.superseded WHERE rid = ANY (changed);
  INSERT INTO fhir.superseded (rid, survivor)
  WITH RECURSIVE chain AS (
    SELECT c.rid, m.target AS survivor, 1 AS depth
    FROM unnest(changed) c (rid) JOIN patient_index.merge m ON m.source = c.rid AND m.unmerged_at IS NULL
    UNION ALL
    SELECT chain.rid, m.target, depth + 1
    FROM chain JOIN patient_index.merge m ON m.source = chain.survivor AND m.unmerged_at IS NULL
    WHERE depth < 100
  )
  SELECT DISTINCT ON (rid) rid, survivor FROM chain ORDER BY rid, depth DESC;
  RETURN NULL;
END $$;

CREATE TRIGGER keep_superseded AFTER INSERT OR UPDATE OF unmerged_at ON patient_index.merge
  FOR EACH ROW EXECUTE FUNCTION patient_index.keep_superseded();
