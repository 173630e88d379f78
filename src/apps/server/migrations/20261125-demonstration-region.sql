-- The generated region that a fresh installation shows: what it was made from, and whether it is in completely.
CREATE SCHEMA IF NOT EXISTS meridian;

CREATE TABLE meridian.demonstration_region (
  seed int4 NOT NULL,
  residents int4 NOT NULL,
  generated_for date NOT NULL,
  is_complete boolean NOT NULL,
  PRIMARY KEY (seed)
);
