-- What the server knows of each Subscription resource besides its text. See docs/adr/0014.
CREATE TABLE fhir.subscription (
  rid int8 NOT NULL,
  id text COLLATE "C" NOT NULL,
  -- The version of the resource that is in force: the last one that was read in the log of changes.
  version int4 NOT NULL,
  -- requested, active, error or off.
  status text COLLATE "C" NOT NULL,
  -- rest-hook or websocket.
  channel text COLLATE "C" NOT NULL,
  -- What must be agreed on anew with the receiver when it changes: criteria and channel.
  agreement text COLLATE "C" NOT NULL,
  -- Number of the last event.
  issued int8 NOT NULL DEFAULT 0,
  -- Events up to this number were delivered, or set aside as letters.
  sent int8 NOT NULL DEFAULT 0,
  attempts int4 NOT NULL DEFAULT 0,
  failing_since timestamptz,
  failure text,
  contacted timestamptz,
  -- When there is something to do for it; null when there is nothing.
  due timestamptz,
  -- The sender that looks after it, until the lease ends.
  owner uuid,
  lease timestamptz,
  PRIMARY KEY (rid)
);
CREATE INDEX subscription_due ON fhir.subscription (due) WHERE due IS NOT NULL;
CREATE UNIQUE INDEX subscription_id ON fhir.subscription (id);

-- Counts how often the set of subscriptions in force has changed, so that processes know when to read it again.
CREATE TABLE fhir.subscription_generation (
  number int8 NOT NULL
);
INSERT INTO fhir.subscription_generation (number) VALUES (0);

-- What each subscription is told: one version of one resource.
CREATE TABLE fhir.subscription_event (
  subscription int8 NOT NULL,
  number int8 NOT NULL,
  written timestamptz NOT NULL,
  rid int8 NOT NULL,
  version int4 NOT NULL,
  PRIMARY KEY (subscription, number)
);

-- Events that the receiver refused for good (dead letters), or that are to be sent once more.
CREATE TABLE fhir.subscription_letter (
  subscription int8 NOT NULL,
  number int8 NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  reason text,
  resend bool NOT NULL,
  PRIMARY KEY (subscription, number)
);

-- Tokens (SHA-256) with which a websocket is bound to subscriptions.
CREATE TABLE fhir.subscription_binding (
  token bytea NOT NULL,
  subscriptions int8[] NOT NULL,
  expires timestamptz NOT NULL,
  PRIMARY KEY (token)
);
