-- Health codes: the keys they are signed with, who holds one and for what, what was taken, what it opened. Times are
-- milliseconds since 1970 UTC.

CREATE SCHEMA health_code;

CREATE TABLE health_code.signing_key (
  id text PRIMARY KEY,
  algorithm text NOT NULL,
  public_jwk json NOT NULL,
  -- The private half, sealed by the vault of the server.
  sealed bytea NOT NULL,
  -- It is published before it signs, so that those who verify without a network know it by then.
  signs_from int8 NOT NULL
);

CREATE TABLE health_code.account (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  patient text COLLATE "C" NOT NULL UNIQUE,
  frozen int8
);

-- What the holder allows a code to open; each is given and taken back apart.
CREATE TABLE health_code.consent (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account int8 NOT NULL REFERENCES health_code.account,
  scope text NOT NULL,
  given_by text NOT NULL,
  since int8 NOT NULL,
  revoked_by text,
  revoked int8
);
CREATE UNIQUE INDEX consent_in_force ON health_code.consent (account, scope) WHERE revoked IS NULL;

-- Codes that were taken: each opens something once.
CREATE TABLE health_code.redeemed (
  handle text COLLATE "C" PRIMARY KEY,
  actor text NOT NULL,
  taken_at int8 NOT NULL,
  forget_at int8 NOT NULL
);
CREATE INDEX redeemed_forget_at ON health_code.redeemed (forget_at);

-- The digits below the codes that are shown now.
CREATE TABLE health_code.digits (
  step int8 NOT NULL,
  digits text COLLATE "C" NOT NULL,
  account int8 NOT NULL REFERENCES health_code.account,
  handle text COLLATE "C" NOT NULL,
  issued int8 NOT NULL,
  is_used boolean NOT NULL DEFAULT false,
  PRIMARY KEY (step, digits)
);

-- Wrong digits that somebody has typed.
CREATE TABLE health_code.miss (
  actor text COLLATE "C" NOT NULL,
  at int8 NOT NULL
);
CREATE INDEX miss_actor ON health_code.miss (actor, at);

CREATE TABLE health_code.paper (
  handle text COLLATE "C" PRIMARY KEY,
  account int8 NOT NULL REFERENCES health_code.account,
  code text NOT NULL,
  made int8 NOT NULL,
  revoked int8
);
CREATE UNIQUE INDEX paper_in_force ON health_code.paper (account) WHERE revoked IS NULL;

CREATE TABLE health_code.use (
  number int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account int8 NOT NULL REFERENCES health_code.account,
  at int8 NOT NULL,
  place text NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  display text NOT NULL,
  organization text,
  scopes text[] NOT NULL,
  refusal text
);
CREATE INDEX use_account ON health_code.use (account, number DESC);

-- What a scan has opened to whoever scanned, for a while.
CREATE TABLE health_code.token (
  hash bytea PRIMARY KEY,
  account int8 NOT NULL REFERENCES health_code.account,
  patient text COLLATE "C" NOT NULL,
  scopes text[] NOT NULL,
  actor text NOT NULL,
  organization text,
  ends int8 NOT NULL
);
CREATE INDEX token_ends ON health_code.token (ends);

CREATE TABLE health_code.payment (
  id text COLLATE "C" PRIMARY KEY,
  -- A token authorises one payment.
  token bytea NOT NULL UNIQUE,
  account int8 NOT NULL REFERENCES health_code.account,
  -- In hundredths of a yuan.
  amount int8 NOT NULL CHECK (amount > 0),
  state text NOT NULL CHECK (state IN ('waiting', 'authorised', 'declined')),
  actor text NOT NULL,
  display text NOT NULL,
  organization text,
  asked int8 NOT NULL,
  decided int8,
  ends int8 NOT NULL
);
CREATE INDEX payment_account ON health_code.payment (account, asked DESC);
