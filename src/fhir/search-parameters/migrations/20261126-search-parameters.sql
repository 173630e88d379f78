-- Search parameters that are created at run time, and the rules by which index rows are made. See docs/adr/0017.

-- One row. number: raised whenever the rules change; every write names the one that it knows, in the statement that brings
-- its rows, and fails when that is not the current one. extractor: the rules of the code that writes. rebuilt: the rules by
-- which all rows were made; null when nobody has looked.
CREATE TABLE fhir.index_generation (
  number int8 NOT NULL,
  extractor int4,
  rebuilt int4
);
INSERT INTO fhir.index_generation (number) VALUES (1);

-- id: of the resource SearchParameter. definition: what it says, as JSON. paths: the numbers of its own expressions, as JSON.
-- indexing: written, not yet answered. removing: no longer answered or written; its rows are being removed.
CREATE TABLE fhir.search_parameter (
  number int4 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL,
  definition text COLLATE "C" NOT NULL,
  paths text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('indexing', 'active', 'removing')),
  percent int4 NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX search_parameter_id ON fhir.search_parameter (id) WHERE state <> 'removing';

-- Numbers of expressions beyond those of R4; never given again. A reference's key has room for no more.
CREATE SEQUENCE fhir.search_path AS int4 START 131072 MINVALUE 131072 MAXVALUE 524287;

-- While the index is rebuilt: the token rows that there should be. A crash of the database empties it, which costs time only.
CREATE UNLOGGED TABLE fhir.expected_token (
  key int8 NOT NULL,
  rid int8 NOT NULL
);
