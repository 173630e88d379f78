-- Who may sign in, as what, by which proofs; and who is signed in now.
CREATE SCHEMA account;

CREATE TABLE account.account (
  id uuid PRIMARY KEY,
  -- As it is typed at sign-in: lower case, no blanks.
  name text NOT NULL UNIQUE,
  phone text UNIQUE,
  -- `Practitioner/1` or `Patient/1`.
  reference text NOT NULL UNIQUE,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  password text,
  password_at timestamptz,
  locked_at timestamptz,
  -- Under which word the sign-in page of a demonstration lists this person; null for everybody else.
  demonstration text UNIQUE,
  created_at timestamptz NOT NULL
);

-- A person may hold several, and acts in one of them.
CREATE TABLE account.role (
  id uuid PRIMARY KEY,
  account uuid NOT NULL REFERENCES account.account ON DELETE CASCADE,
  role text NOT NULL,
  organization text,
  valid_from timestamptz NOT NULL,
  valid_until timestamptz NOT NULL DEFAULT 'infinity',
  UNIQUE NULLS NOT DISTINCT (account, role, organization)
);

CREATE TABLE account.session (
  id uuid PRIMARY KEY,
  -- SHA-256 of what the cookie holds.
  hash bytea NOT NULL UNIQUE,
  account uuid NOT NULL REFERENCES account.account ON DELETE CASCADE,
  role uuid NOT NULL REFERENCES account.role ON DELETE CASCADE,
  methods text[] NOT NULL,
  address text NOT NULL,
  agent text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);
CREATE INDEX session_account ON account.session (account);
CREATE INDEX session_role ON account.session (role);
CREATE INDEX session_ends_at ON account.session (ends_at);

-- A sign-in under way, and other things that are begun now and finished within minutes.
CREATE TABLE account.ticket (
  hash bytea PRIMARY KEY,
  kind text NOT NULL,
  account uuid REFERENCES account.account ON DELETE CASCADE,
  body jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX ticket_account ON account.ticket (account);
CREATE INDEX ticket_expires_at ON account.ticket (expires_at);

-- Guesses, counted before they are looked at; a key is the hash of a name, an address or an account.
CREATE TABLE account.attempt (
  key bytea PRIMARY KEY,
  failures int NOT NULL,
  last_at timestamptz NOT NULL,
  blocked_until timestamptz NOT NULL
);
CREATE INDEX attempt_last_at ON account.attempt (last_at);

CREATE TABLE account.authenticator (
  id uuid PRIMARY KEY,
  account uuid NOT NULL REFERENCES account.account ON DELETE CASCADE,
  name text NOT NULL,
  -- Sealed with the key of the deployment.
  secret bytea NOT NULL,
  -- The last time step of which a code was taken: no code is taken twice.
  last_step int8 NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX authenticator_account ON account.authenticator (account);

CREATE TABLE account.passkey (
  -- The credential id, base64url.
  id text PRIMARY KEY,
  account uuid NOT NULL REFERENCES account.account ON DELETE CASCADE,
  name text NOT NULL,
  public_key bytea NOT NULL,
  counter int8 NOT NULL,
  transports text[] NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX passkey_account ON account.passkey (account);

CREATE TABLE account.recovery_code (
  account uuid NOT NULL REFERENCES account.account ON DELETE CASCADE,
  hash bytea NOT NULL,
  PRIMARY KEY (account, hash)
);

-- What an administrator hands over so that somebody sets a password.
CREATE TABLE account.one_time_code (
  account uuid PRIMARY KEY REFERENCES account.account ON DELETE CASCADE,
  hash bytea NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE account.external_identity (
  provider text NOT NULL,
  subject text NOT NULL,
  account uuid NOT NULL REFERENCES account.account ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (provider, subject)
);
CREATE INDEX external_identity_account ON account.external_identity (account);

-- Tells a process that has another key than those before it.
CREATE TABLE account.sealing_key (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  fingerprint bytea NOT NULL
);
