-- The patients of an export of a Group, or of some patients, as they were when it began. export: the id of its job.
CREATE TABLE meridian.export_member (
  export uuid NOT NULL,
  rid int8 NOT NULL,
  PRIMARY KEY (export, rid)
);

-- Deletions since an instant, without looking at all that was written since.
CREATE INDEX resource_deleted ON fhir.resource (type, updated, rid) WHERE method = 3;
CREATE INDEX resource_history_deleted ON fhir.resource_history (type, updated, rid) WHERE method = 3;
