-- Who stands in which relationship to which patient, projected from the record into fhir.access_grant in the transaction of
-- whatever opens or closes it, whoever writes it: REST, bulk import, deletion, expunge. See docs/adr/0019.

CREATE SCHEMA IF NOT EXISTS access;

-- When a grant began to stand; until when it stood is in access.grant_history. Microseconds since 1970 UTC.
ALTER TABLE fhir.access_grant
  ADD COLUMN since int8 NOT NULL DEFAULT (extract(epoch from clock_timestamp()) * 1000000)::int8;

-- Grants that stand no more: what was open on a day is what stood then and held then.
CREATE TABLE access.grant_history (
  patient int8 NOT NULL,
  key int8 NOT NULL,
  source int8 NOT NULL,
  low int8 NOT NULL,
  high int8 NOT NULL,
  data_low int8,
  data_high int8,
  since int8 NOT NULL,
  until int8 NOT NULL
);
CREATE INDEX grant_history_patient ON access.grant_history (patient, until);

CREATE TABLE access.relationship_setting (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  -- An encounter, referral or appointment opens the record for so many days after its end.
  grace_days int4 NOT NULL DEFAULT 90,
  -- What says no end, and nobody has touched for so many days, opens nothing any more.
  stale_days int4 NOT NULL DEFAULT 365,
  -- Parents act for a child until this age.
  majority_years int4 NOT NULL DEFAULT 18
);
INSERT INTO access.relationship_setting DEFAULT VALUES;

-- Numbers of the data categories in content/access/data-categories.json, 0 to 63; they stand in stored keys and never change.
CREATE TABLE access.data_category (
  code text COLLATE "C" PRIMARY KEY,
  number int2 NOT NULL UNIQUE CHECK (number BETWEEN 0 AND 63)
);
INSERT INTO access.data_category (code, number) VALUES
  ('everything', 0), ('diabetes', 1), ('hypertension', 2), ('allergies', 3), ('medicines', 4),
  ('laboratory', 5), ('imaging', 6), ('immunisation', 7), ('mental-health', 8), ('hiv', 9),
  ('reproductive', 10), ('documents', 11), ('diagnoses', 12), ('visits', 13), ('procedures', 14),
  ('vital-signs', 15), ('tuberculosis', 16), ('substance-use', 17), ('cancer', 18), ('family-history', 19),
  ('lifestyle', 20);

-- Grants of source were computed from, or wait for, this resource: they are computed anew when it changes.
CREATE TABLE access.relationship_dependency (
  id text COLLATE "C" NOT NULL,
  type int2 NOT NULL,
  source int8 NOT NULL,
  PRIMARY KEY (id, type, source)
);
CREATE INDEX relationship_dependency_source ON access.relationship_dependency (source);

-- Numbers of the resource types that can be a party, or stand before one (src/fhir/definitions).
CREATE FUNCTION access.party_type(name text) RETURNS int2 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE name WHEN 'Practitioner' THEN 108 WHEN 'Organization' THEN 100 WHEN 'PractitionerRole' THEN 109
    WHEN 'CareTeam' THEN 15 WHEN 'Location' THEN 71 WHEN 'HealthcareService' THEN 60 WHEN 'Patient' THEN 103
    WHEN 'RelatedPerson' THEN 114 WHEN 'Device' THEN 35 END::int2
$$;

CREATE FUNCTION access.items(list json) RETURNS SETOF json LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT json_array_elements(CASE WHEN json_typeof(list) = 'array' THEN list ELSE '[]' END)
$$;

-- \u0000 is JSON, and no text of PostgreSQL.
CREATE FUNCTION access.parse(content text) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT replace(content, '\u0000', '\ufffd')::json
$$;

-- Microseconds since 1970 UTC of a FHIR date or dateTime: the first of the time it names, or the end. Null when it is none.
CREATE FUNCTION access.instant(value text, is_end boolean) RETURNS int8 LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  -- A regular expression would take ten times as long.
  shape text := translate(value, '123456789', '000000000');
  year int4;
  month int4 := 1;
  day int4 := 1;
  hour int8;
  minute int8;
  second int8;
  fraction text := '';
  zone text;
  shift int8 := 0;
BEGIN
  IF shape NOT IN ('0000', '0000-00', '0000-00-00') AND shape NOT LIKE '0000-00-00T00:00:00_%' THEN RETURN NULL; END IF;
  year := left(value, 4);
  IF length(shape) > 4 THEN month := substr(value, 6, 2); END IF;
  IF length(shape) > 7 THEN day := substr(value, 9, 2); END IF;
  IF year = 0 OR month NOT BETWEEN 1 AND 12 OR day NOT BETWEEN 1 AND 31 THEN RETURN NULL; END IF;
  IF length(shape) <= 10 THEN
    IF is_end AND length(shape) = 4 THEN year := year + 1; END IF;
    IF is_end AND length(shape) = 7 THEN year := year + month / 12; month := month % 12 + 1; END IF;
    IF is_end AND length(shape) = 10 THEN day := day + 1; END IF;
    RETURN (make_date(year, month, 1) - date '1970-01-01' + day - 1) * 86400000000;
  END IF;
  hour := substr(value, 12, 2);
  minute := substr(value, 15, 2);
  second := substr(value, 18, 2);
  zone := substr(value, 20);
  IF left(zone, 1) = '.' THEN
    fraction := substr(zone, 2, length(zone) - length(ltrim(zone, '.0123456789')) - 1);
    zone := ltrim(zone, '.0123456789');
    IF fraction = '' OR position('.' in fraction) > 0 THEN RETURN NULL; END IF;
  END IF;
  IF translate(zone, '123456789', '000000000') IN ('+00:00', '-00:00') THEN
    shift := substr(zone, 2, 2)::int8 * 3600 + substr(zone, 5, 2)::int8 * 60;
    IF left(zone, 1) = '-' THEN shift := -shift; END IF;
  ELSIF zone <> 'Z' THEN
    RETURN NULL;
  END IF;
  IF hour > 23 OR minute > 59 OR second > 60 OR abs(shift) > 14 * 3600 THEN RETURN NULL; END IF;
  RETURN ((make_date(year, month, 1) - date '1970-01-01' + day - 1) * 86400::int8 + hour * 3600 + minute * 60 + second - shift)
    * 1000000 + rpad(fraction, 6, '0')::int8
    + CASE WHEN NOT is_end THEN 0 WHEN fraction = '' THEN 1000000 ELSE 1 END;
END $$;

-- Until when something opens a record: grace after its end; without one, as long as it is kept up to date.
CREATE FUNCTION access.end_of(period_end text, period_start text, is_over boolean, updated int8) RETURNS int8
LANGUAGE plpgsql STABLE AS $$
DECLARE
  setting access.relationship_setting;
  ending int8 := access.instant(period_end, true);
BEGIN
  SELECT * INTO setting FROM access.relationship_setting;
  IF ending IS NULL AND is_over THEN ending := coalesce(access.instant(period_start, true), updated); END IF;
  IF ending IS NOT NULL THEN RETURN ending + setting.grace_days * 86400000000; END IF;
  RETURN greatest(access.instant(period_start, true), updated) + setting.stale_days * 86400000000;
END $$;

CREATE TYPE access.relation AS (
  party text, patient text, kind int2, low int8, high int8, data_low int8, data_high int8
);

-- What an Encounter, CareTeam ... says of relationships: parties and patients as references.
CREATE FUNCTION access.relations_of(asked_type int2, updated int8, content json) RETURNS SETOF access.relation
LANGUAGE plpgsql STABLE AS $$
DECLARE
  lowest CONSTANT int8 := -9223372036854775808;
  highest CONSTANT int8 := 9223372036854775807;
BEGIN
  CASE asked_type
  WHEN 44 THEN -- Encounter: treating
    RETURN QUERY
    SELECT p.party, r.subject ->> 'reference', 1::int2, coalesce(access.instant(r.period ->> 'start', false), lowest),
      e.high, NULL::int8, NULL::int8
    FROM json_to_record(content) AS r (status text, subject json, period json, participant json, "serviceProvider" json),
      access.end_of(r.period ->> 'end', r.period ->> 'start', coalesce(r.status, '') = 'finished', updated) AS e (high),
      LATERAL (
        SELECT r."serviceProvider" ->> 'reference'
        UNION ALL SELECT i -> 'individual' ->> 'reference' FROM access.items(r.participant) AS i
      ) AS p (party)
    WHERE coalesce(r.status, '') NOT IN ('cancelled', 'entered-in-error');
  WHEN 15 THEN -- CareTeam: contract
    RETURN QUERY
    SELECT p.party, r.subject ->> 'reference', 2::int2, coalesce(access.instant(r.period ->> 'start', false), lowest),
      coalesce(access.instant(r.period ->> 'end', true), highest), NULL::int8, NULL::int8
    FROM json_to_record(content) AS r (status text, subject json, period json, participant json, "managingOrganization" json),
      LATERAL (
        SELECT i ->> 'reference' FROM access.items(r."managingOrganization") AS i
        UNION ALL SELECT i -> 'member' ->> 'reference' FROM access.items(r.participant) AS i
      ) AS p (party)
    WHERE r.status = 'active' AND p.party NOT LIKE 'CareTeam/%';
  WHEN 48 THEN -- EpisodeOfCare: programme
    RETURN QUERY
    SELECT p.party, r.patient ->> 'reference', 5::int2, coalesce(access.instant(r.period ->> 'start', false), lowest),
      coalesce(access.instant(r.period ->> 'end', true), highest), NULL::int8, NULL::int8
    FROM json_to_record(content) AS r (status text, patient json, period json, "managingOrganization" json,
        "careManager" json, team json),
      LATERAL (
        SELECT r."managingOrganization" ->> 'reference'
        UNION ALL SELECT r."careManager" ->> 'reference'
        UNION ALL SELECT i ->> 'reference' FROM access.items(r.team) AS i
      ) AS p (party)
    WHERE r.status IN ('active', 'onhold', 'waitlist');
  WHEN 124 THEN -- ServiceRequest: referral
    RETURN QUERY
    SELECT p.party, r.subject ->> 'reference', 3::int2, coalesce(access.instant(r."authoredOn", false), lowest),
      access.end_of(NULL, CASE WHEN r.status = 'completed' THEN NULL ELSE r."authoredOn" END, r.status = 'completed', updated),
      NULL::int8, NULL::int8
    FROM json_to_record(content) AS r (status text, subject json, requester json, performer json, "authoredOn" text),
      LATERAL (
        SELECT r.requester ->> 'reference'
        UNION ALL SELECT i ->> 'reference' FROM access.items(r.performer) AS i
      ) AS p (party)
    WHERE r.status IN ('active', 'on-hold', 'completed') AND json_typeof(r.performer) = 'array';
  WHEN 5 THEN -- Appointment: consultation
    RETURN QUERY
    SELECT p.item -> 'actor' ->> 'reference', s.item -> 'actor' ->> 'reference', 4::int2, lowest,
      access.end_of(coalesce(r."end", r.start), NULL, false, updated), NULL::int8, NULL::int8
    FROM json_to_record(content) AS r (status text, start text, "end" text, participant json),
      LATERAL access.items(r.participant) AS s (item), LATERAL access.items(r.participant) AS p (item)
    WHERE r.status IN ('pending', 'booked', 'arrived', 'checked-in', 'fulfilled')
      AND s.item -> 'actor' ->> 'reference' LIKE 'Patient/%' AND p.item -> 'actor' ->> 'reference' NOT LIKE 'Patient/%'
      AND coalesce(p.item ->> 'status', '') <> 'declined';
  WHEN 31 THEN -- Coverage: custodian
    RETURN QUERY
    SELECT p.item ->> 'reference', r.beneficiary ->> 'reference', 9::int2,
      coalesce(access.instant(r.period ->> 'start', false), lowest),
      coalesce(access.instant(r.period ->> 'end', true), highest), NULL::int8, NULL::int8
    FROM json_to_record(content) AS r (status text, beneficiary json, period json, payor json),
      LATERAL access.items(r.payor) AS p (item)
    WHERE r.status = 'active' AND p.item ->> 'reference' LIKE 'Organization/%';
  WHEN 103 THEN -- Patient: custodian, and contract
    RETURN QUERY
    SELECT p.party, 'Patient/' || r.id, p.kind, lowest, highest, NULL::int8, NULL::int8
    FROM json_to_record(content) AS r (id text, "managingOrganization" json, "generalPractitioner" json),
      LATERAL (
        SELECT r."managingOrganization" ->> 'reference', 9::int2
        UNION ALL SELECT i ->> 'reference', 2::int2 FROM access.items(r."generalPractitioner") AS i
      ) AS p (party, kind);
    RETURN QUERY SELECT * FROM access.parenthood_of(content);
  WHEN 29 THEN
    RETURN QUERY SELECT * FROM access.consent_of(content);
  END CASE;
END $$;

-- The current content, and nobody changes it before the transaction has ended.
CREATE FUNCTION access.held_content(asked_type int2, asked_id text) RETURNS json LANGUAGE sql AS $$
  SELECT access.parse(content) FROM fhir.resource WHERE id = asked_id AND type = asked_type FOR SHARE
$$;

CREATE FUNCTION access.birthday(birth text, years int4) RETURNS int8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN birth ~ '^\d{4}' THEN
    access.instant(lpad((left(birth, 4)::int4 + years)::text, 4, '0') || substr(birth, 5), false)
  END
$$;

-- Of a child: its parents, each a RelatedPerson of the child to which a Patient is linked. They act for it until it is of age.
CREATE FUNCTION access.parenthood_of(parent json) RETURNS SETOF access.relation LANGUAGE sql AS $$
  SELECT 'Patient/' || (parent ->> 'id'), child.reference, 6::int2, access.instant(birth.day, false),
    access.birthday(birth.day, s.majority_years), NULL::int8, NULL::int8
  FROM access.relationship_setting AS s,
    access.items(parent -> 'link') AS link (item),
    LATERAL (SELECT access.held_content(114::int2, split_part(link.item -> 'other' ->> 'reference', '/', 2))) AS related (content),
    LATERAL json_to_record(related.content) AS r (active text, patient json, relationship json),
    LATERAL (SELECT r.patient ->> 'reference') AS child (reference),
    LATERAL (SELECT access.held_content(103::int2, split_part(child.reference, '/', 2)) ->> 'birthDate') AS birth (day)
  WHERE link.item -> 'other' ->> 'reference' LIKE 'RelatedPerson/%' AND link.item ->> 'type' = 'seealso'
    AND coalesce(r.active, 'true') = 'true' AND child.reference LIKE 'Patient/%'
    AND access.instant(birth.day, false) IS NOT NULL
    AND EXISTS (
      SELECT FROM access.items(r.relationship) AS c (concept), LATERAL access.items(c.concept -> 'coding') AS g (coding)
      WHERE g.coding ->> 'code' IN ('MTH', 'FTH', 'NMTH', 'NFTH', 'ADOPTP', 'ADOPTM', 'ADOPTF', 'PRN', 'GUARD')
        AND g.coding ->> 'system' = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode'
    )
$$;

-- An active Consent: what it permits (64 + category), what it denies (128 + category), or who may act (a mandate). A denial that
-- names nobody holds for everybody: the party "everyone", whose number is 0.
CREATE FUNCTION access.consent_of(content json) RETURNS SETOF access.relation LANGUAGE sql STABLE AS $$
  WITH consent AS (
    SELECT r.patient ->> 'reference' AS patient, r.provision AS base,
      EXISTS (
        SELECT FROM access.items(r.category) AS c (concept), LATERAL access.items(c.concept -> 'coding') AS g (coding)
        WHERE g.coding ->> 'code' = 'mandate'
          AND g.coding ->> 'system' = 'http://meridian.health/fhir/CodeSystem/consent-category'
      ) AS is_mandate,
      (
        SELECT min(access.instant(x.item ->> 'valueDateTime', false)) FROM access.items(r.extension) AS x (item)
        WHERE x.item ->> 'url' = 'http://meridian.health/fhir/StructureDefinition/consent-erase-at'
      ) AS erase_at
    FROM json_to_record(content) AS r (status text, patient json, category json, provision json, extension json)
    WHERE r.status = 'active' AND json_typeof(r.provision) = 'object'
  ), provision AS (
    SELECT c.patient, c.is_mandate, c.erase_at, true AS is_base, c.base AS rule, c.base FROM consent c
    UNION ALL
    SELECT c.patient, c.is_mandate, c.erase_at, false, n.rule, c.base
    FROM consent c, LATERAL access.items(c.base -> 'provision') AS n (rule)
    WHERE json_typeof(n.rule) = 'object'
      AND (n.rule ->> 'type' = 'deny' OR (n.rule ->> 'type' = 'permit' AND c.base ->> 'type' = 'deny'))
  ), narrowed AS (
    SELECT p.patient, p.is_base, p.is_mandate, p.rule ->> 'type' = 'deny' AS is_denial,
      access.instant(p.rule -> 'period' ->> 'start', false) AS low,
      access.instant(p.rule -> 'period' ->> 'end', true) AS high,
      access.instant(p.base -> 'period' ->> 'start', false) AS base_low,
      access.instant(p.base -> 'period' ->> 'end', true) AS base_high, p.erase_at,
      access.instant(p.rule -> 'dataPeriod' ->> 'start', false) AS data_low,
      access.instant(p.rule -> 'dataPeriod' ->> 'end', true) AS data_high,
      p.rule -> 'dataPeriod' IS NOT NULL AS has_data_period,
      CASE WHEN json_typeof(p.rule -> 'actor') = 'array' THEN p.rule -> 'actor' ELSE p.base -> 'actor' END AS actor,
      p.rule -> 'class' AS classes
    FROM provision p WHERE p.rule ->> 'type' IN ('permit', 'deny')
  ), category AS (
    SELECT n.*, k.kind FROM narrowed n, LATERAL (
      SELECT 6::int2 AS kind WHERE n.is_mandate AND n.is_base AND NOT n.is_denial
      UNION
      SELECT (CASE WHEN n.is_denial THEN 128 ELSE 64 END + coalesce(d.number, 0))::int2
      FROM (
        SELECT g.coding FROM access.items(n.classes) AS g (coding)
        UNION ALL SELECT NULL WHERE json_typeof(n.classes) IS DISTINCT FROM 'array'
      ) AS g
      LEFT JOIN access.data_category d ON d.code = g.coding ->> 'code'
        AND g.coding ->> 'system' = 'http://meridian.health/fhir/CodeSystem/data-category'
      -- What is not known opens nothing, and closes everything.
      WHERE NOT (n.is_mandate AND n.is_base) AND (n.is_denial OR g.coding IS NULL OR d.number IS NOT NULL)
    ) AS k
  )
  SELECT a.party, c.patient, c.kind,
    CASE WHEN c.is_denial THEN coalesce(c.low, c.base_low, -9223372036854775808)
      ELSE greatest(c.low, c.base_low, -9223372036854775808) END,
    CASE WHEN c.is_denial THEN coalesce(c.high, c.base_high, 9223372036854775807)
      ELSE least(c.high, c.base_high, c.erase_at, 9223372036854775807) END,
    CASE WHEN c.has_data_period AND c.kind <> 6 THEN coalesce(c.data_low, -9223372036854775808) END,
    CASE WHEN c.has_data_period AND c.kind <> 6 THEN coalesce(c.data_high, 9223372036854775807) END
  FROM category c, LATERAL (
    SELECT i.item -> 'reference' ->> 'reference' AS party FROM access.items(c.actor) AS i (item)
    UNION ALL SELECT 'everyone' WHERE c.is_denial AND json_typeof(c.actor) IS DISTINCT FROM 'array'
  ) AS a
  -- Nobody acts for a patient but a person whom the record knows.
  WHERE c.kind <> 6 OR a.party LIKE 'Patient/%'
$$;

-- Whom a role, team, place or service stands for.
CREATE FUNCTION access.parties_behind(asked_type int2, content json) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT p.party
  FROM json_to_record(content) AS r (status text, practitioner json, participant json, "managingOrganization" json, "providedBy" json),
    LATERAL (
      SELECT r.practitioner ->> 'reference' WHERE asked_type = 109
      UNION ALL SELECT r."managingOrganization" ->> 'reference' WHERE asked_type = 71
      UNION ALL SELECT r."providedBy" ->> 'reference' WHERE asked_type = 60
      UNION ALL SELECT i ->> 'reference' FROM access.items(r."managingOrganization") AS i WHERE asked_type = 15
      UNION ALL SELECT i -> 'member' ->> 'reference' FROM access.items(r.participant) AS i WHERE asked_type = 15
    ) AS p (party)
  WHERE asked_type <> 15 OR r.status = 'active'
$$;

-- Roles, teams, places and services replaced by whom they stand for; a team's members may be roles in turn. `names` are
-- those that were looked behind.
CREATE FUNCTION access.look_behind(INOUT relations access.relation[], OUT names text[]) LANGUAGE plpgsql AS $$
DECLARE
  behind text[];
BEGIN
  FOR depth IN 1..3 LOOP
    SELECT array_agg(DISTINCT r.party) INTO behind FROM unnest(relations) AS r
    WHERE split_part(r.party, '/', 1) IN ('PractitionerRole', 'CareTeam', 'Location', 'HealthcareService');
    EXIT WHEN behind IS NULL;
    names := names || behind;
    SELECT array_agg(ROW (b.party, r.patient, r.kind, r.low, r.high, r.data_low, r.data_high)::access.relation)
    INTO relations
    FROM unnest(relations) AS r, LATERAL (
      SELECT r.party WHERE NOT r.party = ANY (behind)
      UNION ALL SELECT access.parties_behind(t.type, access.held_content(t.type, split_part(r.party, '/', 2)))
      FROM access.party_type(split_part(r.party, '/', 1)) AS t (type) WHERE r.party = ANY (behind)
    ) AS b (party)
    WHERE b.party IS NOT NULL;
  END LOOP;
  -- Nobody else is a party; teams that hold each other have no end.
  SELECT array_agg(r) INTO relations FROM unnest(relations) AS r
  WHERE split_part(r.party, '/', 1) IN ('Practitioner', 'Organization', 'Patient', 'Device', 'everyone');
END $$;

-- A child, and who it is related to by: of these, parenthood is computed.
CREATE FUNCTION access.parenthood_names(content json) RETURNS text[] LANGUAGE sql AS $$
  SELECT array_agg(n.name)
  FROM access.items(content -> 'link') AS link (item),
    LATERAL (SELECT link.item -> 'other' ->> 'reference') AS related (name),
    LATERAL (
      SELECT related.name
      UNION ALL SELECT access.held_content(114::int2, split_part(related.name, '/', 2)) -> 'patient' ->> 'reference'
    ) AS n (name)
  WHERE related.name LIKE 'RelatedPerson/%' AND n.name IS NOT NULL
$$;

-- Brings the grants of one source in line with its content.
CREATE FUNCTION access.relate(
  asked_source int8, asked_type int2, asked_updated int8, asked_content text, asked_at int8, is_new boolean
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  content json := access.parse(asked_content);
  relations access.relation[];
  names text[];
  absent text[];
BEGIN
  IF content IS NOT NULL THEN
    SELECT array_agg(r) INTO relations FROM access.relations_of(asked_type, asked_updated, content) AS r
    WHERE r.high > asked_at AND r.low < r.high AND r.party IS NOT NULL AND r.patient LIKE 'Patient/%';
    SELECT l.relations, l.names INTO relations, names FROM access.look_behind(relations) AS l;
    IF asked_type = 103 AND content -> 'link' IS NOT NULL THEN
      names := names || access.parenthood_names(content);
    END IF;
  END IF;
  IF relations IS NOT NULL OR NOT is_new THEN
    WITH located AS MATERIALIZED (
      -- One look-up each, whatever the statistics say.
      SELECT r.*,
        CASE WHEN r.party = 'everyone' THEN 0 ELSE (
          SELECT s.rid FROM fhir.resource s
          WHERE s.id = split_part(r.party, '/', 2) AND s.type = access.party_type(split_part(r.party, '/', 1))
        ) END AS party_rid,
        (SELECT s.rid FROM fhir.resource s WHERE s.id = split_part(r.patient, '/', 2) AND s.type = 103::int2) AS patient_rid
      FROM unnest(relations) AS r
    ), wanted AS MATERIALIZED (
      -- Of several permissions in one Consent, what all of them permit.
      SELECT party_rid * 256 + kind AS key, patient_rid AS patient,
        CASE WHEN kind BETWEEN 64 AND 127 THEN max(low) ELSE min(low) END AS low,
        CASE WHEN kind BETWEEN 64 AND 127 THEN min(high) ELSE max(high) END AS high,
        CASE WHEN kind BETWEEN 64 AND 127 THEN max(data_low) WHEN count(data_low) = count(*) THEN min(data_low) END
          AS data_low,
        CASE WHEN kind BETWEEN 64 AND 127 THEN min(data_high) WHEN count(data_low) = count(*) THEN max(data_high) END
          AS data_high
      FROM located WHERE party_rid IS NOT NULL AND patient_rid IS NOT NULL
      GROUP BY party_rid, kind, patient_rid
    ), gone AS (
      DELETE FROM fhir.access_grant g
      WHERE NOT is_new AND g.source = asked_source
        AND NOT EXISTS (SELECT FROM wanted w WHERE w.key = g.key AND w.patient = g.patient AND w.low < w.high)
    ), kept AS (
      INSERT INTO fhir.access_grant AS g (key, patient, source, low, high, data_low, data_high)
      SELECT w.key, w.patient, asked_source, w.low, w.high, w.data_low, w.data_high FROM wanted w WHERE w.low < w.high
      ON CONFLICT (key, patient, source) DO UPDATE
      SET low = excluded.low, high = excluded.high, data_low = excluded.data_low, data_high = excluded.data_high,
        since = excluded.since
      WHERE (g.low, g.high, g.data_low, g.data_high)
        IS DISTINCT FROM (excluded.low, excluded.high, excluded.data_low, excluded.data_high)
    )
    SELECT array_agg(m.name) INTO absent FROM (
      SELECT party FROM located WHERE party_rid IS NULL AND access.party_type(split_part(party, '/', 1)) IS NOT NULL
      UNION SELECT patient FROM located WHERE patient_rid IS NULL
    ) AS m (name);
    names := names || absent;
  END IF;
  IF NOT is_new THEN
    DELETE FROM access.relationship_dependency d
    WHERE d.source = asked_source AND NOT EXISTS (
      SELECT FROM unnest(names) AS n (name)
      WHERE d.id = split_part(n.name, '/', 2) AND d.type = access.party_type(split_part(n.name, '/', 1))
    );
  END IF;
  IF names IS NOT NULL THEN
    INSERT INTO access.relationship_dependency (id, type, source)
    SELECT DISTINCT split_part(n.name, '/', 2), access.party_type(split_part(n.name, '/', 1)), asked_source
    FROM unnest(names) AS n (name)
    WHERE access.party_type(split_part(n.name, '/', 1)) IS NOT NULL
    ON CONFLICT DO NOTHING;
  END IF;
END $$;

CREATE FUNCTION access.on_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM access.relate(NEW.rid, NEW.type, NEW.updated, NEW.content, NEW.updated, TG_OP = 'INSERT');
  RETURN NULL;
END $$;

-- Who waits for this resource, or was computed from it, is computed anew.
CREATE FUNCTION access.on_dependency() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  waiting record;
BEGIN
  FOR waiting IN
    SELECT s.rid, s.type, s.updated, s.content
    FROM access.relationship_dependency d JOIN fhir.resource s ON s.rid = d.source
    WHERE d.id = NEW.id AND d.type = NEW.type AND d.source <> NEW.rid
    ORDER BY s.rid FOR SHARE OF s
  LOOP
    PERFORM access.relate(waiting.rid, waiting.type, waiting.updated, waiting.content, NEW.updated, false);
  END LOOP;
  RETURN NULL;
END $$;

-- What is expunged opens nothing; of a patient who is expunged nothing is kept.
CREATE FUNCTION access.on_expunge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM fhir.access_grant WHERE source = OLD.rid;
  DELETE FROM fhir.access_grant WHERE key >= OLD.rid * 256 AND key < OLD.rid * 256 + 256;
  DELETE FROM access.relationship_dependency WHERE source = OLD.rid;
  IF OLD.type = 103 THEN
    DELETE FROM fhir.access_grant WHERE patient = OLD.rid;
    DELETE FROM access.grant_history WHERE patient = OLD.rid;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION access.keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO access.grant_history (patient, key, source, low, high, data_low, data_high, since, until)
  VALUES (OLD.patient, OLD.key, OLD.source, OLD.low, OLD.high, OLD.data_low, OLD.data_high, OLD.since,
    (extract(epoch from clock_timestamp()) * 1000000)::int8);
  RETURN NULL;
END $$;

CREATE TRIGGER keep_history AFTER UPDATE OR DELETE ON fhir.access_grant FOR EACH ROW
  EXECUTE FUNCTION access.keep_history();

-- 5 Appointment, 15 CareTeam, 29 Consent, 31 Coverage, 44 Encounter, 48 EpisodeOfCare, 103 Patient, 124 ServiceRequest.
CREATE TRIGGER relate_new AFTER INSERT ON fhir.resource FOR EACH ROW
  WHEN (NEW.type IN (5, 15, 29, 31, 44, 48, 103, 124) AND NEW.content IS NOT NULL) EXECUTE FUNCTION access.on_source();
CREATE TRIGGER relate_changed AFTER UPDATE ON fhir.resource FOR EACH ROW
  WHEN (NEW.type IN (5, 15, 29, 31, 44, 48, 103, 124)) EXECUTE FUNCTION access.on_source();
-- 35 Device, 60 HealthcareService, 71 Location, 100 Organization, 108 Practitioner, 109 PractitionerRole, 114 RelatedPerson.
CREATE TRIGGER relate_waiting AFTER INSERT ON fhir.resource FOR EACH ROW
  WHEN (NEW.type IN (15, 35, 60, 71, 100, 103, 108, 109, 114)) EXECUTE FUNCTION access.on_dependency();
CREATE TRIGGER relate_dependent AFTER UPDATE ON fhir.resource FOR EACH ROW
  WHEN (NEW.type IN (15, 60, 71, 103, 109, 114)) EXECUTE FUNCTION access.on_dependency();
CREATE TRIGGER relate_expunged AFTER DELETE ON fhir.resource FOR EACH ROW
  WHEN (OLD.type IN (5, 15, 29, 31, 35, 44, 48, 100, 103, 108, 124)) EXECUTE FUNCTION access.on_expunge();

-- What has held no more for a while moves to the history; up to so many at a time.
CREATE FUNCTION access.put_away_expired(asked_before int8, at_most int4) RETURNS int8 LANGUAGE sql AS $$
  WITH gone AS (
    DELETE FROM fhir.access_grant WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM fhir.access_grant WHERE high <= asked_before LIMIT at_most
    )) AND high <= asked_before RETURNING 1
  )
  SELECT count(*) FROM gone
$$;

-- What is stored already.
SELECT access.relate(rid, type, updated, content, (extract(epoch from now()) * 1000000)::int8, true)
FROM fhir.resource WHERE type IN (5, 15, 29, 31, 44, 48, 103, 124) AND content IS NOT NULL;
