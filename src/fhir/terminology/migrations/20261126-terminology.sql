-- Terminology: the canonical addresses of stored terminology resources, and the concepts of large code systems. See docs/adr/0012.

CREATE SCHEMA terminology;

-- One row: every transaction that changes a CodeSystem, ConceptMap or ValueSet adds one. Processes keep what they have
-- read as long as the number stands.
CREATE TABLE terminology.generation (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  generation int8 NOT NULL
);
INSERT INTO terminology.generation (generation) VALUES (1);

-- Current versions with a canonical address. type: 22 CodeSystem, 27 ConceptMap, 144 ValueSet.
-- supplements: what a CodeSystem supplements, without its version.
CREATE TABLE terminology.canonical (
  rid int8 PRIMARY KEY,
  type int2 NOT NULL,
  resource_version int4 NOT NULL,
  updated int8 NOT NULL,
  url text COLLATE "C" NOT NULL,
  version text COLLATE "C",
  supplements text COLLATE "C",
  length int4 NOT NULL
);
CREATE INDEX canonical_url ON terminology.canonical (url, type);
CREATE INDEX canonical_type ON terminology.canonical (type, rid);
CREATE INDEX canonical_supplements ON terminology.canonical (supplements) WHERE supplements IS NOT NULL;

-- Concepts of one code system that are too many to be kept in memory.
-- resource_version: the version of the CodeSystem they were read from; null when they were loaded from a file.
CREATE TABLE terminology.concept_set (
  concept_set int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rid int8 NOT NULL,
  resource_version int4,
  first_number int4 NOT NULL,
  size int4 NOT NULL,
  is_ready boolean NOT NULL,
  created timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX concept_set_rid ON terminology.concept_set (rid);

-- The next number of a concept; a set has size numbers from its first on.
CREATE TABLE terminology.numbering (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  next_number int4 NOT NULL
);
INSERT INTO terminology.numbering (next_number) VALUES (1);

-- flags: 1 inactive, 2 abstract. content: as in CodeSystem.concept, without code, display and nested concepts.
-- words: the lexemes by which concepts are found (src/fhir/terminology/lexeme.ts).
CREATE TABLE terminology.concept (
  number int4 PRIMARY KEY,
  concept_set int4 NOT NULL,
  flags int2 NOT NULL,
  code text COLLATE "C" NOT NULL,
  display text,
  content text NOT NULL,
  parents int4[] NOT NULL,
  ancestors int4[] NOT NULL,
  words tsvector NOT NULL
);
CREATE UNIQUE INDEX concept_code ON terminology.concept (concept_set, code);
CREATE INDEX concept_words ON terminology.concept USING gin (words);

-- Keeps the canonical addresses with the resources, whoever writes them.
CREATE FUNCTION terminology.keep_canonical() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM terminology.canonical WHERE rid = OLD.rid;
    RETURN NULL;
  END IF;
  DELETE FROM terminology.canonical WHERE rid = NEW.rid;
  IF NEW.content IS NOT NULL THEN
    INSERT INTO terminology.canonical (rid, type, resource_version, updated, url, version, supplements, length)
    SELECT NEW.rid, NEW.type, NEW.version, NEW.updated, r.url, r.version, split_part(r.supplements, '|', 1),
      octet_length(NEW.content)
    FROM json_to_record(NEW.content::json) AS r (url text, version text, supplements text)
    WHERE r.url IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

-- At the very end of the transaction, so that no other one waits for its locks.
CREATE FUNCTION terminology.count_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE terminology.generation SET generation = generation + 1
  WHERE xmin IS DISTINCT FROM pg_current_xact_id()::xid;
  RETURN NULL;
END $$;

CREATE TRIGGER keep_canonical AFTER INSERT OR UPDATE ON fhir.resource FOR EACH ROW
  WHEN (NEW.type IN (22, 27, 144)) EXECUTE FUNCTION terminology.keep_canonical();
CREATE TRIGGER forget_canonical AFTER DELETE ON fhir.resource FOR EACH ROW
  WHEN (OLD.type IN (22, 27, 144)) EXECUTE FUNCTION terminology.keep_canonical();
CREATE CONSTRAINT TRIGGER count_generation AFTER INSERT OR UPDATE ON fhir.resource
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.type IN (22, 27, 144)) EXECUTE FUNCTION terminology.count_generation();
CREATE CONSTRAINT TRIGGER count_generation_of_deletion AFTER DELETE ON fhir.resource
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.type IN (22, 27, 144)) EXECUTE FUNCTION terminology.count_generation();

INSERT INTO terminology.canonical (rid, type, resource_version, updated, url, version, supplements, length)
SELECT s.rid, s.type, s.version, s.updated, r.url, r.version, split_part(r.supplements, '|', 1), octet_length(s.content)
FROM fhir.resource s, LATERAL json_to_record(s.content::json) AS r (url text, version text, supplements text)
WHERE s.type IN (22, 27, 144) AND s.content IS NOT NULL AND r.url IS NOT NULL;
