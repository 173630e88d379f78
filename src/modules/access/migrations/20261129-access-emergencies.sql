-- A look at what is open to somebody reads the grants of one patient that have not ended, and no others.
DROP INDEX fhir.access_grant_patient;
CREATE INDEX access_grant_patient ON fhir.access_grant (patient, high, key);

-- Records that somebody has opened in an emergency. The grant has the negative number as its source.
CREATE TABLE access.emergency (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  -- Who opened it: `Practitioner/1`, as what, and for whom.
  actor text COLLATE "C" NOT NULL,
  display text NOT NULL,
  role text COLLATE "C" NOT NULL,
  organization text COLLATE "C",
  -- Whose record: the id and the rid of the Patient.
  patient text COLLATE "C" NOT NULL,
  patient_rid int8 NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 10 AND 1000),
  opened timestamptz NOT NULL,
  ends timestamptz NOT NULL,
  released timestamptz,
  judgement text COLLATE "C" CHECK (judgement IN ('justified', 'not-justified')),
  -- Never the one who opened it.
  judge text COLLATE "C" CHECK (judge <> actor),
  judge_display text,
  judged timestamptz,
  note text CHECK (length(note) <= 2000),
  CHECK ((judgement IS NULL) = (judge IS NULL) AND (judge IS NULL) = (judged IS NULL))
);
CREATE INDEX emergency_actor ON access.emergency (actor, opened);
CREATE INDEX emergency_open ON access.emergency (number) WHERE judgement IS NULL;

-- A purpose for which named records are opened to whoever works on it, once somebody else has agreed.
CREATE TABLE access.case_file (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL UNIQUE,
  title text NOT NULL CHECK (length(title) BETWEEN 3 AND 200),
  purpose text COLLATE "C" NOT NULL,
  legal_basis text NOT NULL CHECK (length(legal_basis) BETWEEN 3 AND 500),
  actor text COLLATE "C" NOT NULL,
  actor_rid int8 NOT NULL,
  display text NOT NULL,
  role text COLLATE "C" NOT NULL,
  organization text COLLATE "C",
  requested timestamptz NOT NULL,
  ends timestamptz NOT NULL,
  state text COLLATE "C" NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'open', 'refused', 'closed')),
  decider text COLLATE "C" CHECK (decider <> actor),
  decider_display text,
  decided timestamptz,
  closed timestamptz,
  note text CHECK (length(note) <= 2000)
);
CREATE INDEX case_file_actor ON access.case_file (actor, number);
CREATE INDEX case_file_state ON access.case_file (state, number);

CREATE TABLE access.case_patient (
  case_file int8 NOT NULL REFERENCES access.case_file ON DELETE CASCADE,
  patient text COLLATE "C" NOT NULL,
  patient_rid int8 NOT NULL,
  PRIMARY KEY (case_file, patient_rid)
);
