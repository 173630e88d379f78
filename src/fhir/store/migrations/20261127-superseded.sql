-- Resources in whose place another one stands, as a Patient that was merged into another: who asks by the old id is answered
-- of the survivor. Kept by whoever merges, in the transaction of the merge; `survivor` is the last of a chain.
CREATE TABLE fhir.superseded (
  rid int8 PRIMARY KEY,
  survivor int8 NOT NULL
);
