-- Composite search parameters, positions, and what units are worth. See docs/adr/0007.

-- key: that of the first part (a token's, a reference's, or 0), XOR the mask of the composite, so that each composite has
-- keys of its own (src/fhir/indexing/token-key.ts). value: the key of the second part.
CREATE TABLE fhir.composite_key (
  key int8 NOT NULL,
  value int8 NOT NULL,
  rid int8 NOT NULL,
  PRIMARY KEY (key, value, rid)
);
CREATE INDEX composite_key_source ON fhir.composite_key (rid);

-- Numbers, quantities and dates (in microseconds) beside a key.
CREATE TABLE fhir.composite_range (
  path int4 NOT NULL,
  unit int4 NOT NULL,
  key int8 NOT NULL,
  low float8 NOT NULL,
  high float8 NOT NULL,
  rid int8 NOT NULL
);
CREATE INDEX composite_range_low ON fhir.composite_range (key, low, rid) INCLUDE (high, unit);
CREATE INDEX composite_range_source ON fhir.composite_range (rid, path) INCLUDE (key, low, high, unit);

-- Two of them beside a key: a sequence from here to there.
CREATE TABLE fhir.composite_ranges (
  path int4 NOT NULL,
  unit int4 NOT NULL,
  second_unit int4 NOT NULL,
  key int8 NOT NULL,
  low float8 NOT NULL,
  high float8 NOT NULL,
  second_low float8 NOT NULL,
  second_high float8 NOT NULL,
  rid int8 NOT NULL
);
CREATE INDEX composite_ranges_low ON fhir.composite_ranges (key, low, rid);
CREATE INDEX composite_ranges_source ON fhir.composite_ranges (rid, path);

-- A normalised text beside a key.
CREATE TABLE fhir.composite_string (
  path int4 NOT NULL,
  key int8 NOT NULL,
  value text COLLATE "C" NOT NULL,
  rid int8 NOT NULL
);
CREATE INDEX composite_string_value ON fhir.composite_string (key, (left(value, 64)), rid);
CREATE INDEX composite_string_source ON fhir.composite_string (rid, path);

-- Degrees north and east.
CREATE TABLE fhir.position (
  path int4 NOT NULL,
  latitude float8 NOT NULL,
  longitude float8 NOT NULL,
  rid int8 NOT NULL
);
CREATE INDEX position_latitude ON fhir.position (path, latitude, rid) INCLUDE (longitude);
CREATE INDEX position_source ON fhir.position (rid, path) INCLUDE (latitude, longitude);

-- Of a UCUM unit: a value in it is factor * value + shift in the unit of its dimension; null for others.
ALTER TABLE fhir.unit ADD COLUMN dimension text COLLATE "C", ADD COLUMN factor float8, ADD COLUMN shift float8;
CREATE INDEX unit_dimension ON fhir.unit (dimension);
