-- The tree of administrative divisions over time: who lay where under which code, from when until when.
CREATE SCHEMA division;

CREATE TABLE division.division (
  code text NOT NULL,
  name text NOT NULL,
  english text NOT NULL,
  kind text NOT NULL,
  -- Never computed from the code: counties lie directly under provinces, and codes outlive their parents.
  parent text,
  valid_from date NOT NULL DEFAULT '-infinity',
  -- The first day on which the code no longer means this.
  valid_until date NOT NULL DEFAULT 'infinity',
  -- Without tones and spaces: yuxishi; then the first letters: yxs.
  pinyin text NOT NULL,
  initials text NOT NULL,
  -- The edition that brought it, or import.
  source text NOT NULL,
  PRIMARY KEY (code, valid_from)
);

CREATE INDEX division_parent ON division.division (parent, code);
CREATE INDEX division_name ON division.division (name text_pattern_ops);
CREATE INDEX division_pinyin ON division.division (pinyin text_pattern_ops);
CREATE INDEX division_initials ON division.division (initials text_pattern_ops);
CREATE INDEX division_english ON division.division (lower(english) text_pattern_ops);

-- What took the place of a code that no longer means what it meant.
CREATE TABLE division.successor (
  code text NOT NULL,
  valid_until date NOT NULL,
  successor text NOT NULL,
  source text NOT NULL,
  PRIMARY KEY (code, valid_until, successor)
);

CREATE INDEX successor_of ON division.successor (successor);

-- Which edition of the tables of codes is in.
CREATE TABLE division.edition (
  source text NOT NULL,
  digest text NOT NULL,
  PRIMARY KEY (source)
);
