-- The authorization server: which applications there are, what was granted to them, and the tokens that stand for it.
CREATE SCHEMA smart;

CREATE TABLE smart.client (
  id text PRIMARY KEY,
  name text NOT NULL,
  -- public: keeps no secret; confidential: acts for people and has a key; backend: acts for itself and has a key.
  kind text NOT NULL CHECK (kind IN ('public', 'confidential', 'backend')),
  redirect_uris text[] NOT NULL DEFAULT '{}',
  -- Where it is started from a record.
  launch_uri text,
  -- The most that it may be granted.
  scopes text[] NOT NULL,
  jwks jsonb,
  jwks_uri text,
  -- `Organization/1`: for whom a backend acts.
  organization text,
  -- Chosen by the operator for everybody: nobody is asked whether it may.
  trusted boolean NOT NULL DEFAULT false,
  -- May ask what the tokens of others are worth.
  introspects boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL
);

-- What the provider keeps: codes, tokens, grants, interactions, used assertions. Nothing here can be sent by a thief: only
-- the SHA-256 of what a client holds is kept.
CREATE TABLE smart.artifact (
  kind text NOT NULL,
  hash bytea NOT NULL,
  payload jsonb NOT NULL,
  grant_id text,
  uid text,
  client text REFERENCES smart.client ON DELETE CASCADE,
  consumed_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (kind, hash)
) WITH (autovacuum_vacuum_scale_factor=0.05, autovacuum_analyze_scale_factor=0.05);
CREATE INDEX artifact_grant ON smart.artifact (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX artifact_uid ON smart.artifact (uid) WHERE uid IS NOT NULL;
CREATE INDEX artifact_client ON smart.artifact (client) WHERE client IS NOT NULL;
CREATE INDEX artifact_expires_at ON smart.artifact (expires_at);

-- What a person has granted to an application, and in which context it was launched.
CREATE TABLE smart.authorization (
  grant_id text PRIMARY KEY,
  client text NOT NULL REFERENCES smart.client ON DELETE CASCADE,
  -- Of the module account: who, as what, and the session with which it ends (none for offline access).
  account text NOT NULL,
  role text,
  session text,
  reference text NOT NULL,
  scopes text[] NOT NULL,
  patient text,
  encounter text,
  intent text,
  fhir_context jsonb,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX authorization_account ON smart.authorization (account);
CREATE INDEX authorization_client ON smart.authorization (client);
CREATE INDEX authorization_expires_at ON smart.authorization (expires_at);

-- An application that is being started from a record; the application brings back what was hashed.
CREATE TABLE smart.launch (
  hash bytea PRIMARY KEY,
  client text NOT NULL REFERENCES smart.client ON DELETE CASCADE,
  account text NOT NULL,
  patient text,
  encounter text,
  intent text,
  fhir_context jsonb,
  expires_at timestamptz NOT NULL
);
CREATE INDEX launch_client ON smart.launch (client);
CREATE INDEX launch_expires_at ON smart.launch (expires_at);

-- Private keys that sign ID tokens, sealed with the key of the deployment.
CREATE TABLE smart.signing_key (
  kid text PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);
