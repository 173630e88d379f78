-- Words of a resource's narrative, and of all its texts, for _text and _content; only for resources that have any, and as far
-- as MERIDIAN_TEXT_SEARCH says. Made in the server (src/fhir/indexing/words.ts): no dictionary of PostgreSQL takes part.
CREATE TABLE fhir.words (
  rid int8 NOT NULL,
  narrative tsvector,
  content tsvector,
  PRIMARY KEY (rid)
);
CREATE INDEX words_narrative ON fhir.words USING gin (narrative);
CREATE INDEX words_content ON fhir.words USING gin (content);
