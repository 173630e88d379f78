-- A search for a unit goes along the numbers in that unit, not along those in all units. See docs/adr/0007.
CREATE INDEX quantity_unit ON fhir.quantity (path, unit, low, rid) INCLUDE (high);

-- What is greater than a bound: points beyond it, and the few ranges that reach beyond it.
CREATE INDEX quantity_range ON fhir.quantity (path, high, rid) INCLUDE (low, unit) WHERE low < high;
