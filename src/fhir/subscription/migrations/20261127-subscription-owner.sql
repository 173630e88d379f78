-- As whom a subscription is told: what its owner may not read, it is not told of. Without a row it is the operator's.
CREATE TABLE fhir.subscription_owner (
  rid int8 PRIMARY KEY,
  actor text COLLATE "C" NOT NULL
);
