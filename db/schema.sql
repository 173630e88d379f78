-- The migrated database, printed by "npm run generate" for review. Never edit it: write a migration.

create schema access;
create schema account;
create schema audit;
create schema consent;
create schema division;
create schema fhir;
create schema health_code;
create schema meridian;
create schema patient_index;
create schema smart;
create schema terminology;

create sequence audit.event_number as bigint start 1024 increment 1024;
create sequence fhir.change_number as bigint start 1 increment 1;
create sequence fhir.resource_number as bigint start 512 increment 512;
create sequence fhir.search_path as integer start 131072 increment 1;

CREATE OR REPLACE FUNCTION access.birthday(birth text, years integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE WHEN birth ~ '^\d{4}' THEN
    access.instant(lpad((left(birth, 4)::int4 + years)::text, 4, '0') || substr(birth, 5), false)
  END
$function$
;
CREATE OR REPLACE FUNCTION access.consent_of(content json)
 RETURNS SETOF access.relation
 LANGUAGE sql
 STABLE
AS $function$
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
$function$
;
CREATE OR REPLACE FUNCTION access.end_of(period_end text, period_start text, is_over boolean, updated bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
AS $function$
DECLARE
  setting access.relationship_setting;
  ending int8 := access.instant(period_end, true);
BEGIN
  SELECT * INTO setting FROM access.relationship_setting;
  IF ending IS NULL AND is_over THEN ending := coalesce(access.instant(period_start, true), updated); END IF;
  IF ending IS NOT NULL THEN RETURN ending + setting.grace_days * 86400000000; END IF;
  RETURN greatest(access.instant(period_start, true), updated) + setting.stale_days * 86400000000;
END $function$
;
CREATE OR REPLACE FUNCTION access.held_content(asked_type smallint, asked_id text)
 RETURNS json
 LANGUAGE sql
AS $function$
  SELECT access.parse(content) FROM fhir.resource WHERE id = asked_id AND type = asked_type FOR SHARE
$function$
;
CREATE OR REPLACE FUNCTION access.instant(value text, is_end boolean)
 RETURNS bigint
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
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
END $function$
;
CREATE OR REPLACE FUNCTION access.items(list json)
 RETURNS SETOF json
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT json_array_elements(CASE WHEN json_typeof(list) = 'array' THEN list ELSE '[]' END)
$function$
;
CREATE OR REPLACE FUNCTION access.keep_history()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO access.grant_history (patient, key, source, low, high, data_low, data_high, since, until)
  VALUES (OLD.patient, OLD.key, OLD.source, OLD.low, OLD.high, OLD.data_low, OLD.data_high, OLD.since,
    (extract(epoch from clock_timestamp()) * 1000000)::int8);
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION access.look_behind(INOUT relations access.relation[], OUT names text[])
 RETURNS record
 LANGUAGE plpgsql
AS $function$
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
END $function$
;
CREATE OR REPLACE FUNCTION access.on_dependency()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
END $function$
;
CREATE OR REPLACE FUNCTION access.on_expunge()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  DELETE FROM fhir.access_grant WHERE source = OLD.rid;
  DELETE FROM fhir.access_grant WHERE key >= OLD.rid * 256 AND key < OLD.rid * 256 + 256;
  DELETE FROM access.relationship_dependency WHERE source = OLD.rid;
  IF OLD.type = 103 THEN
    DELETE FROM fhir.access_grant WHERE patient = OLD.rid;
    DELETE FROM access.grant_history WHERE patient = OLD.rid;
  END IF;
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION access.on_source()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM access.relate(NEW.rid, NEW.type, NEW.updated, NEW.content, NEW.updated, TG_OP = 'INSERT');
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION access.parenthood_names(content json)
 RETURNS text[]
 LANGUAGE sql
AS $function$
  SELECT array_agg(n.name)
  FROM access.items(content -> 'link') AS link (item),
    LATERAL (SELECT link.item -> 'other' ->> 'reference') AS related (name),
    LATERAL (
      SELECT related.name
      UNION ALL SELECT access.held_content(114::int2, split_part(related.name, '/', 2)) -> 'patient' ->> 'reference'
    ) AS n (name)
  WHERE related.name LIKE 'RelatedPerson/%' AND n.name IS NOT NULL
$function$
;
CREATE OR REPLACE FUNCTION access.parenthood_of(parent json)
 RETURNS SETOF access.relation
 LANGUAGE sql
AS $function$
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
$function$
;
CREATE OR REPLACE FUNCTION access.parse(content text)
 RETURNS json
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT replace(content, '\u0000', '\ufffd')::json
$function$
;
CREATE OR REPLACE FUNCTION access.parties_behind(asked_type smallint, content json)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
AS $function$
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
$function$
;
CREATE OR REPLACE FUNCTION access.party_type(name text)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  SELECT CASE name WHEN 'Practitioner' THEN 108 WHEN 'Organization' THEN 100 WHEN 'PractitionerRole' THEN 109
    WHEN 'CareTeam' THEN 15 WHEN 'Location' THEN 71 WHEN 'HealthcareService' THEN 60 WHEN 'Patient' THEN 103
    WHEN 'RelatedPerson' THEN 114 WHEN 'Device' THEN 35 END::int2
$function$
;
CREATE OR REPLACE FUNCTION access.put_away_expired(asked_before bigint, at_most integer)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  WITH gone AS (
    DELETE FROM fhir.access_grant WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM fhir.access_grant WHERE high <= asked_before LIMIT at_most
    )) AND high <= asked_before RETURNING 1
  )
  SELECT count(*) FROM gone
$function$
;
CREATE OR REPLACE FUNCTION access.relate(asked_source bigint, asked_type smallint, asked_updated bigint, asked_content text, asked_at bigint, is_new boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
END $function$
;
CREATE OR REPLACE FUNCTION access.relations_of(asked_type smallint, updated bigint, content json)
 RETURNS SETOF access.relation
 LANGUAGE plpgsql
 STABLE
AS $function$
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
END $function$
;
CREATE OR REPLACE FUNCTION audit.prepare_month(month integer, low bigint, high bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SET lock_timeout TO '3s'
AS $function$
DECLARE
  part text := 'event_' || month;
BEGIN
  IF to_regclass('audit.' || part) IS NOT NULL THEN RETURN true; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit.prepare_month', 0));
  IF to_regclass('audit.' || part) IS NOT NULL THEN RETURN true; END IF;
  EXECUTE format(
    'CREATE TABLE audit.%I (LIKE audit.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
       WITH (autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 0.05)', part);
  EXECUTE format('ALTER TABLE audit.event ATTACH PARTITION audit.%I FOR VALUES FROM (%s) TO (%s)', part, low, high);
  EXECUTE format(
    'CREATE TRIGGER %I BEFORE TRUNCATE ON audit.%I FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()', part || '_whole', part);
  RETURN true;
EXCEPTION WHEN lock_not_available OR check_violation THEN
  RETURN false;
END $function$
;
CREATE OR REPLACE FUNCTION audit.refuse()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'The trail is only ever added to: % of % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501';
END $function$
;
CREATE OR REPLACE FUNCTION patient_index.keep_superseded()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  changed int8[];
BEGIN
  WITH RECURSIVE upstream AS (
    SELECT NEW.source AS rid
    UNION
    SELECT m.source FROM patient_index.merge m JOIN upstream u ON m.target = u.rid WHERE m.unmerged_at IS NULL
  )
  SELECT array_agg(rid) INTO changed FROM upstream;
  DELETE FROM fhir.superseded WHERE rid = ANY (changed);
  INSERT INTO fhir.superseded (rid, survivor)
  WITH RECURSIVE chain AS (
    SELECT c.rid, m.target AS survivor, 1 AS depth
    FROM unnest(changed) c (rid) JOIN patient_index.merge m ON m.source = c.rid AND m.unmerged_at IS NULL
    UNION ALL
    SELECT chain.rid, m.target, depth + 1
    FROM chain JOIN patient_index.merge m ON m.source = chain.survivor AND m.unmerged_at IS NULL
    WHERE depth < 100
  )
  SELECT DISTINCT ON (rid) rid, survivor FROM chain ORDER BY rid, depth DESC;
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION terminology.count_generation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  UPDATE terminology.generation SET generation = generation + 1
  WHERE xmin IS DISTINCT FROM pg_current_xact_id()::xid;
  RETURN NULL;
END $function$
;
CREATE OR REPLACE FUNCTION terminology.keep_canonical()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM terminology.canonical WHERE rid = OLD.rid;
    RETURN NULL;
  END IF;
  DELETE FROM terminology.canonical WHERE rid = NEW.rid;
  IF NEW.content IS NOT NULL THEN
    INSERT INTO terminology.canonical (rid, type, resource_version, updated, url, version, supplements, length)
    SELECT NEW.rid, NEW.type, NEW.version, NEW.updated, r.url, r.version, split_part(r.supplements, '|', 1),
      octet_length(NEW.content)
    FROM json_to_record(NEW.content::json) AS r (url text, version text, supplements text)
    WHERE r.url IS NOT NULL;
  END IF;
  RETURN NULL;
END $function$
;

create table access.case_file (
  number bigint generated always as identity not null,
  id uuid not null,
  title text not null,
  purpose text collate "C" not null,
  legal_basis text not null,
  actor text collate "C" not null,
  actor_rid bigint not null,
  display text not null,
  role text collate "C" not null,
  organization text collate "C",
  requested timestamp with time zone not null,
  ends timestamp with time zone not null,
  state text collate "C" not null default 'requested'::text,
  decider text collate "C",
  decider_display text,
  decided timestamp with time zone,
  closed timestamp with time zone,
  note text,
  constraint case_file_check CHECK ((decider <> actor)),
  constraint case_file_id_key UNIQUE (id),
  constraint case_file_legal_basis_check CHECK (((length(legal_basis) >= 3) AND (length(legal_basis) <= 500))),
  constraint case_file_note_check CHECK ((length(note) <= 2000)),
  constraint case_file_pkey PRIMARY KEY (number),
  constraint case_file_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'open'::text, 'refused'::text, 'closed'::text]))),
  constraint case_file_title_check CHECK (((length(title) >= 3) AND (length(title) <= 200)))
);
create table access.case_patient (
  case_file bigint not null,
  patient text collate "C" not null,
  patient_rid bigint not null,
  constraint case_patient_case_file_fkey FOREIGN KEY (case_file) REFERENCES access.case_file(number) ON DELETE CASCADE,
  constraint case_patient_pkey PRIMARY KEY (case_file, patient_rid)
);
create table access.data_category (
  code text collate "C" not null,
  number smallint not null,
  constraint data_category_number_check CHECK (((number >= 0) AND (number <= 63))),
  constraint data_category_number_key UNIQUE (number),
  constraint data_category_pkey PRIMARY KEY (code)
);
create table access.emergency (
  number bigint generated always as identity not null,
  id uuid not null,
  actor text collate "C" not null,
  display text not null,
  role text collate "C" not null,
  organization text collate "C",
  patient text collate "C" not null,
  patient_rid bigint not null,
  reason text not null,
  opened timestamp with time zone not null,
  ends timestamp with time zone not null,
  released timestamp with time zone,
  judgement text collate "C",
  judge text collate "C",
  judge_display text,
  judged timestamp with time zone,
  note text,
  constraint emergency_check CHECK ((judge <> actor)),
  constraint emergency_check1 CHECK ((((judgement IS NULL) = (judge IS NULL)) AND ((judge IS NULL) = (judged IS NULL)))),
  constraint emergency_id_key UNIQUE (id),
  constraint emergency_judgement_check CHECK ((judgement = ANY (ARRAY['justified'::text, 'not-justified'::text]))),
  constraint emergency_note_check CHECK ((length(note) <= 2000)),
  constraint emergency_pkey PRIMARY KEY (number),
  constraint emergency_reason_check CHECK (((length(reason) >= 10) AND (length(reason) <= 1000)))
);
create table access.grant_history (
  patient bigint not null,
  key bigint not null,
  source bigint not null,
  low bigint not null,
  high bigint not null,
  data_low bigint,
  data_high bigint,
  since bigint not null,
  until bigint not null
);
create table access.relationship_dependency (
  id text collate "C" not null,
  type smallint not null,
  source bigint not null,
  constraint relationship_dependency_pkey PRIMARY KEY (id, type, source)
);
create table access.relationship_setting (
  is_only boolean not null default true,
  grace_days integer not null default 90,
  stale_days integer not null default 365,
  majority_years integer not null default 18,
  constraint relationship_setting_is_only_check CHECK (is_only),
  constraint relationship_setting_pkey PRIMARY KEY (is_only)
);
create table account.account (
  id uuid not null,
  name text not null,
  phone text,
  reference text not null,
  name_zh text not null,
  name_en text not null,
  password text,
  password_at timestamp with time zone,
  locked_at timestamp with time zone,
  demonstration text,
  created_at timestamp with time zone not null,
  constraint account_demonstration_key UNIQUE (demonstration),
  constraint account_name_key UNIQUE (name),
  constraint account_phone_key UNIQUE (phone),
  constraint account_pkey PRIMARY KEY (id),
  constraint account_reference_key UNIQUE (reference)
);
create table account.attempt (
  key bytea not null,
  failures integer not null,
  last_at timestamp with time zone not null,
  blocked_until timestamp with time zone not null,
  constraint attempt_pkey PRIMARY KEY (key)
);
create table account.authenticator (
  id uuid not null,
  account uuid not null,
  name text not null,
  secret bytea not null,
  last_step bigint not null,
  created_at timestamp with time zone not null,
  constraint authenticator_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint authenticator_pkey PRIMARY KEY (id)
);
create table account.external_identity (
  provider text not null,
  subject text not null,
  account uuid not null,
  created_at timestamp with time zone not null,
  constraint external_identity_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint external_identity_pkey PRIMARY KEY (provider, subject)
);
create table account.one_time_code (
  account uuid not null,
  hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint one_time_code_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint one_time_code_pkey PRIMARY KEY (account)
);
create table account.passkey (
  id text not null,
  account uuid not null,
  name text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint passkey_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint passkey_pkey PRIMARY KEY (id)
);
create table account.recovery_code (
  account uuid not null,
  hash bytea not null,
  constraint recovery_code_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint recovery_code_pkey PRIMARY KEY (account, hash)
);
create table account.role (
  id uuid not null,
  account uuid not null,
  role text not null,
  organization text,
  valid_from timestamp with time zone not null,
  valid_until timestamp with time zone not null default 'infinity'::timestamp with time zone,
  constraint role_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint role_account_role_organization_key UNIQUE NULLS NOT DISTINCT (account, role, organization),
  constraint role_pkey PRIMARY KEY (id)
);
create table account.sealing_key (
  id boolean not null default true,
  fingerprint bytea not null,
  constraint sealing_key_id_check CHECK (id),
  constraint sealing_key_pkey PRIMARY KEY (id)
);
create table account.session (
  id uuid not null,
  hash bytea not null,
  account uuid not null,
  role uuid not null,
  methods text[] not null,
  address text not null,
  agent text not null,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint session_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint session_hash_key UNIQUE (hash),
  constraint session_pkey PRIMARY KEY (id),
  constraint session_role_fkey FOREIGN KEY (role) REFERENCES account.role(id) ON DELETE CASCADE
);
create table account.ticket (
  hash bytea not null,
  kind text not null,
  account uuid,
  body jsonb not null,
  expires_at timestamp with time zone not null,
  constraint ticket_account_fkey FOREIGN KEY (account) REFERENCES account.account(id) ON DELETE CASCADE,
  constraint ticket_pkey PRIMARY KEY (hash)
);
create table audit.agent (
  id bigint not null,
  content text collate "C" not null,
  constraint agent_pkey PRIMARY KEY (id)
);
create table audit.block (
  month integer not null,
  number bigint not null,
  numbers int8multirange not null,
  count integer not null,
  missing integer not null,
  low_at bigint not null,
  high_at bigint not null,
  digest bytea not null,
  previous bytea not null,
  hash bytea not null,
  key text collate "C" not null,
  signature bytea not null,
  sealed_at bigint not null,
  constraint block_pkey PRIMARY KEY (month, number)
);
create table audit.concern (
  number bigint generated always as identity not null,
  day date not null,
  agent text collate "C" not null,
  agent_display text not null,
  patient text collate "C" not null,
  kinds text[] not null,
  reasons jsonb not null,
  first_event bigint not null,
  first_at bigint not null,
  looks integer not null,
  state text collate "C" not null default 'open'::text,
  reviewer text collate "C",
  reviewer_display text,
  note text,
  reviewed timestamp with time zone,
  made timestamp with time zone not null default now(),
  version integer not null default 1,
  constraint concern_agent_patient_day_key UNIQUE (agent, patient, day),
  constraint concern_pkey PRIMARY KEY (number),
  constraint concern_state_check CHECK ((state = ANY (ARRAY['open'::text, 'fine'::text, 'asked'::text, 'incident'::text])))
);
create table audit.event (
  number bigint not null,
  at bigint not null,
  who bigint not null,
  agent bigint not null,
  mac bigint not null,
  action text collate "C" not null,
  outcome text collate "C" not null,
  interaction text collate "C" not null,
  entities text collate "C" not null,
  patients text collate "C" not null,
  detail text not null,
  constraint event_pkey PRIMARY KEY (number, at)
) partition by RANGE (at);
create table audit.event_other partition of audit.event DEFAULT (
  number bigint not null,
  at bigint not null,
  who bigint not null,
  agent bigint not null,
  mac bigint not null,
  action text collate "C" not null,
  outcome text collate "C" not null,
  interaction text collate "C" not null,
  entities text collate "C" not null,
  patients text collate "C" not null,
  detail text not null,
  constraint event_other_pkey PRIMARY KEY (number, at)
);
create table audit.key (
  id text collate "C" not null,
  public text collate "C" not null,
  since timestamp with time zone not null default now(),
  constraint key_pkey PRIMARY KEY (id)
);
create table audit.look (
  day date not null,
  agent text collate "C" not null,
  patient text collate "C" not null,
  constraint look_pkey PRIMARY KEY (day, agent, patient)
);
create table audit.root (
  number bigint not null,
  day date not null,
  heads text collate "C" not null,
  previous bytea not null,
  hash bytea not null,
  key text collate "C" not null,
  signature bytea not null,
  constraint root_pkey PRIMARY KEY (number)
);
create table audit.unsealed (
  low bigint not null,
  high bigint not null,
  month integer not null,
  constraint unsealed_pkey PRIMARY KEY (low)
);
create table audit.verification (
  number bigint generated always as identity not null,
  started timestamp with time zone not null,
  ended timestamp with time zone not null,
  since bigint,
  events bigint not null,
  blocks bigint not null,
  findings bigint not null,
  examples jsonb not null,
  constraint verification_pkey PRIMARY KEY (number)
);
create table audit.volume (
  agent text collate "C" not null,
  day date not null,
  patients integer not null,
  constraint volume_pkey PRIMARY KEY (agent, day)
);
create table audit.watched (
  month integer not null,
  block bigint not null,
  constraint watched_pkey PRIMARY KEY (month)
);
create table consent.deadline (
  id text collate "C" not null,
  at bigint not null,
  constraint deadline_pkey PRIMARY KEY (id)
);
create table division.division (
  code text not null,
  name text not null,
  english text not null,
  kind text not null,
  parent text,
  valid_from date not null default '-infinity'::date,
  valid_until date not null default 'infinity'::date,
  pinyin text not null,
  initials text not null,
  source text not null,
  constraint division_pkey PRIMARY KEY (code, valid_from)
);
create table division.edition (
  source text not null,
  digest text not null,
  constraint edition_pkey PRIMARY KEY (source)
);
create table division.successor (
  code text not null,
  valid_until date not null,
  successor text not null,
  source text not null,
  constraint successor_pkey PRIMARY KEY (code, valid_until, successor)
);
create table fhir."position" (
  path integer not null,
  latitude double precision not null,
  longitude double precision not null,
  rid bigint not null
);
create table fhir.access_grant (
  key bigint not null,
  patient bigint not null,
  source bigint not null,
  low bigint not null default '-9223372036854775808'::bigint,
  high bigint not null default '9223372036854775807'::bigint,
  data_low bigint,
  data_high bigint,
  since bigint not null default ((EXTRACT(epoch FROM clock_timestamp()) * (1000000)::numeric))::bigint,
  constraint access_grant_pkey PRIMARY KEY (key, patient, source)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.change (
  xid xid8 not null,
  number bigint not null,
  written timestamp with time zone not null default now(),
  rids bigint[] not null,
  versions integer[] not null,
  constraint change_pkey PRIMARY KEY (number)
);
create table fhir.change_reader (
  name text collate "C" not null,
  "position" text collate "C",
  moved timestamp with time zone not null default now(),
  constraint change_reader_pkey PRIMARY KEY (name)
);
create table fhir.change_trimmed (
  number bigint not null
);
create table fhir.composite_key (
  key bigint not null,
  value bigint not null,
  rid bigint not null,
  constraint composite_key_pkey PRIMARY KEY (key, value, rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.composite_range (
  path integer not null,
  unit integer not null,
  key bigint not null,
  low double precision not null,
  high double precision not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.composite_ranges (
  path integer not null,
  unit integer not null,
  second_unit integer not null,
  key bigint not null,
  low double precision not null,
  high double precision not null,
  second_low double precision not null,
  second_high double precision not null,
  rid bigint not null
);
create table fhir.composite_string (
  path integer not null,
  key bigint not null,
  value text collate "C" not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.date (
  path integer not null,
  low bigint not null,
  high bigint not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create unlogged table fhir.expected_token (
  key bigint not null,
  rid bigint not null
);
create table fhir.idempotency_key (
  key text collate "C" not null,
  request bytea not null,
  created bigint not null,
  answer text,
  constraint idempotency_key_pkey PRIMARY KEY (key)
);
create table fhir.index_generation (
  number bigint not null,
  extractor integer,
  rebuilt integer
);
create table fhir.quantity (
  path integer not null,
  unit integer not null,
  low double precision not null,
  high double precision not null,
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.reference (
  key bigint not null,
  rid bigint not null,
  constraint reference_pkey PRIMARY KEY (key, rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.resource (
  rid bigint not null,
  updated bigint not null,
  version integer not null,
  type smallint not null,
  method smallint not null,
  id text collate "C" not null,
  content text,
  constraint resource_pkey PRIMARY KEY (rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.resource_history (
  rid bigint not null,
  updated bigint not null,
  version integer not null,
  type smallint not null,
  method smallint not null,
  id text collate "C" not null,
  content text,
  constraint resource_history_pkey PRIMARY KEY (rid, version)
) with (autovacuum_vacuum_insert_scale_factor=0.02, autovacuum_vacuum_insert_threshold=100000, vacuum_truncate=off);
create table fhir.search_parameter (
  number integer generated always as identity not null,
  id text collate "C" not null,
  definition text collate "C" not null,
  paths text collate "C" not null,
  state text collate "C" not null,
  percent integer not null default 0,
  constraint search_parameter_pkey PRIMARY KEY (number),
  constraint search_parameter_state_check CHECK ((state = ANY (ARRAY['indexing'::text, 'active'::text, 'removing'::text])))
);
create table fhir.string (
  path integer not null,
  value text collate "C" not null,
  original text collate "C",
  rid bigint not null
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.subscription (
  rid bigint not null,
  id text collate "C" not null,
  version integer not null,
  status text collate "C" not null,
  channel text collate "C" not null,
  agreement text collate "C" not null,
  issued bigint not null default 0,
  sent bigint not null default 0,
  attempts integer not null default 0,
  failing_since timestamp with time zone,
  failure text,
  contacted timestamp with time zone,
  due timestamp with time zone,
  owner uuid,
  lease timestamp with time zone,
  asked integer not null default 0,
  answered integer not null default 0,
  constraint subscription_pkey PRIMARY KEY (rid)
);
create table fhir.subscription_binding (
  token bytea not null,
  subscriptions bigint[] not null,
  expires timestamp with time zone not null,
  constraint subscription_binding_pkey PRIMARY KEY (token)
);
create table fhir.subscription_event (
  subscription bigint not null,
  number bigint not null,
  written timestamp with time zone not null,
  rid bigint not null,
  version integer not null,
  constraint subscription_event_pkey PRIMARY KEY (subscription, number)
);
create table fhir.subscription_generation (
  number bigint not null
);
create table fhir.subscription_letter (
  subscription bigint not null,
  number bigint not null,
  since timestamp with time zone not null default now(),
  reason text,
  resend boolean not null,
  constraint subscription_letter_pkey PRIMARY KEY (subscription, number)
);
create table fhir.subscription_owner (
  rid bigint not null,
  actor text collate "C" not null,
  constraint subscription_owner_pkey PRIMARY KEY (rid)
);
create table fhir.superseded (
  rid bigint not null,
  survivor bigint not null,
  constraint superseded_pkey PRIMARY KEY (rid)
);
create table fhir.token (
  key bigint not null,
  rid bigint not null,
  constraint token_pkey PRIMARY KEY (key, rid)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table fhir.token_code (
  key bigint not null,
  path integer not null,
  system text collate "C" not null,
  code text collate "C" not null,
  constraint token_code_pkey PRIMARY KEY (key)
);
create table fhir.token_text (
  key bigint not null,
  path integer not null,
  value text collate "C" not null,
  original text collate "C" not null,
  constraint token_text_pkey PRIMARY KEY (key, original)
);
create table fhir.unit (
  unit integer generated always as identity not null,
  system text collate "C" not null,
  code text collate "C" not null,
  name text collate "C" not null,
  dimension text collate "C",
  factor double precision,
  shift double precision,
  constraint unit_pkey PRIMARY KEY (unit),
  constraint unit_system_code_name_key UNIQUE (system, code, name)
);
create table fhir.validation_issue (
  rid bigint not null,
  version integer not null,
  "position" smallint not null,
  severity text not null,
  code text not null,
  expression text,
  diagnostics text not null,
  constraint validation_issue_pkey PRIMARY KEY (rid, version, "position")
);
create table fhir.words (
  rid bigint not null,
  narrative tsvector,
  content tsvector,
  constraint words_pkey PRIMARY KEY (rid)
);
create table health_code.account (
  number bigint generated always as identity not null,
  patient text collate "C" not null,
  frozen bigint,
  constraint account_patient_key UNIQUE (patient),
  constraint account_pkey PRIMARY KEY (number)
);
create table health_code.consent (
  number bigint generated always as identity not null,
  account bigint not null,
  scope text not null,
  given_by text not null,
  since bigint not null,
  revoked_by text,
  revoked bigint,
  constraint consent_account_fkey FOREIGN KEY (account) REFERENCES health_code.account(number),
  constraint consent_pkey PRIMARY KEY (number)
);
create table health_code.digits (
  step bigint not null,
  digits text collate "C" not null,
  account bigint not null,
  handle text collate "C" not null,
  issued bigint not null,
  is_used boolean not null default false,
  constraint digits_account_fkey FOREIGN KEY (account) REFERENCES health_code.account(number),
  constraint digits_pkey PRIMARY KEY (step, digits)
);
create table health_code.miss (
  actor text collate "C" not null,
  at bigint not null
);
create table health_code.paper (
  handle text collate "C" not null,
  account bigint not null,
  code text not null,
  made bigint not null,
  revoked bigint,
  constraint paper_account_fkey FOREIGN KEY (account) REFERENCES health_code.account(number),
  constraint paper_pkey PRIMARY KEY (handle)
);
create table health_code.payment (
  id text collate "C" not null,
  token bytea not null,
  account bigint not null,
  amount bigint not null,
  state text not null,
  actor text not null,
  display text not null,
  organization text,
  asked bigint not null,
  decided bigint,
  ends bigint not null,
  constraint payment_account_fkey FOREIGN KEY (account) REFERENCES health_code.account(number),
  constraint payment_amount_check CHECK ((amount > 0)),
  constraint payment_pkey PRIMARY KEY (id),
  constraint payment_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'authorised'::text, 'declined'::text]))),
  constraint payment_token_key UNIQUE (token)
);
create table health_code.redeemed (
  handle text collate "C" not null,
  actor text not null,
  taken_at bigint not null,
  forget_at bigint not null,
  constraint redeemed_pkey PRIMARY KEY (handle)
);
create table health_code.signing_key (
  id text not null,
  algorithm text not null,
  public_jwk json not null,
  sealed bytea not null,
  signs_from bigint not null,
  constraint signing_key_pkey PRIMARY KEY (id)
);
create table health_code.token (
  hash bytea not null,
  account bigint not null,
  patient text collate "C" not null,
  scopes text[] not null,
  actor text not null,
  organization text,
  ends bigint not null,
  constraint token_account_fkey FOREIGN KEY (account) REFERENCES health_code.account(number),
  constraint token_pkey PRIMARY KEY (hash)
);
create table health_code.use (
  number bigint generated always as identity not null,
  account bigint not null,
  at bigint not null,
  place text not null,
  kind text not null,
  actor text not null,
  display text not null,
  organization text,
  scopes text[] not null,
  refusal text,
  constraint use_account_fkey FOREIGN KEY (account) REFERENCES health_code.account(number),
  constraint use_pkey PRIMARY KEY (number)
);
create table meridian.demonstration_region (
  seed integer not null,
  residents integer not null,
  generated_for date not null,
  is_complete boolean not null,
  constraint demonstration_region_pkey PRIMARY KEY (seed)
);
create table meridian.export_member (
  export uuid not null,
  rid bigint not null,
  constraint export_member_pkey PRIMARY KEY (export, rid)
);
create table meridian.import_alias (
  key text collate "C" not null,
  type text collate "C" not null,
  id text collate "C" not null,
  constraint import_alias_pkey PRIMARY KEY (key)
);
create table meridian.import_deferred (
  identity text collate "C" not null,
  item bigint not null,
  document bigint not null,
  line bigint not null,
  entry integer,
  type text collate "C" not null,
  id text collate "C" not null,
  key text collate "C",
  content text collate "C" not null,
  constraint import_deferred_pkey PRIMARY KEY (identity, item)
);
create table meridian.import_file (
  identity text collate "C" not null,
  path text collate "C" not null,
  "position" bigint not null,
  is_complete boolean not null,
  counts text collate "C" not null,
  touched_at timestamp with time zone not null default now(),
  constraint import_file_pkey PRIMARY KEY (identity)
);
create table meridian.import_rejection (
  identity text collate "C" not null,
  item bigint not null,
  line bigint not null,
  entry integer,
  outcome text collate "C" not null,
  type text collate "C",
  id text collate "C",
  reason text collate "C" not null,
  constraint import_rejection_pkey PRIMARY KEY (identity, item)
);
create table meridian.job (
  id uuid not null,
  task text collate "C" not null,
  key text collate "C",
  payload text collate "C" not null,
  status text collate "C" not null default 'waiting'::text,
  due_at timestamp with time zone not null,
  lease uuid,
  attempt integer not null default 0,
  is_cancelled boolean not null default false,
  progress text collate "C",
  result text collate "C",
  failure text collate "C",
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint job_pkey PRIMARY KEY (id),
  constraint job_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=500, fillfactor=50);
create table meridian.migration (
  name text collate "C" not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);
create table patient_index.block (
  key bigint not null,
  person bigint not null,
  constraint block_pkey PRIMARY KEY (key, person)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table patient_index.coverage (
  one boolean not null default true,
  rules integer not null,
  constraint coverage_one_check CHECK (one),
  constraint coverage_pkey PRIMARY KEY (one)
);
create table patient_index.merge (
  merge bigint generated always as identity not null,
  source bigint not null,
  target bigint not null,
  source_id text collate "C" not null,
  target_id text collate "C" not null,
  source_before integer not null,
  source_after integer not null,
  target_before integer not null,
  target_after integer not null,
  items integer not null,
  reason text not null,
  merged_by text not null,
  merged_by_name text not null,
  merged_at bigint not null,
  unmerge_reason text,
  unmerged_by text,
  unmerged_by_name text,
  unmerged_at bigint,
  constraint merge_pkey PRIMARY KEY (merge)
);
create table patient_index.merge_grant (
  merge bigint not null,
  key bigint not null,
  source bigint not null,
  was_shared boolean not null,
  constraint merge_grant_merge_fkey FOREIGN KEY (merge) REFERENCES patient_index.merge(merge),
  constraint merge_grant_pkey PRIMARY KEY (merge, key, source)
);
create table patient_index.merge_item (
  merge bigint not null,
  rid bigint not null,
  type text collate "C" not null,
  id text collate "C" not null,
  before integer not null,
  after integer not null,
  paths text[] not null,
  is_carried boolean not null default false,
  constraint merge_item_merge_fkey FOREIGN KEY (merge) REFERENCES patient_index.merge(merge),
  constraint merge_item_pkey PRIMARY KEY (merge, rid)
) with (autovacuum_vacuum_insert_scale_factor=0.05, vacuum_truncate=off);
create table patient_index.model (
  version integer generated always as identity not null,
  learnt_at bigint not null,
  persons bigint not null,
  pairs bigint not null,
  expected_f1 double precision not null,
  content text not null,
  constraint model_pkey PRIMARY KEY (version)
);
create table patient_index.person (
  person bigint not null,
  id text collate "C" not null,
  keys bigint[] not null,
  features text collate "C" not null,
  constraint person_pkey PRIMARY KEY (person)
) with (autovacuum_analyze_scale_factor=0.02, autovacuum_vacuum_insert_scale_factor=0.01, autovacuum_vacuum_insert_threshold=100000, autovacuum_vacuum_scale_factor=0.01, vacuum_truncate=off);
create table patient_index.review (
  review bigint generated always as identity not null,
  left_patient bigint not null,
  right_patient bigint not null,
  left_id text collate "C" not null,
  right_id text collate "C" not null,
  score double precision not null,
  band text not null,
  evidence text not null,
  state text not null default 'open'::text,
  found_at bigint not null,
  due_at bigint not null,
  claimed_by text,
  claimed_by_name text,
  claimed_until bigint not null default 0,
  decided_by text,
  decided_by_name text,
  decided_at bigint,
  reason text,
  merge bigint,
  constraint review_left_patient_right_patient_key UNIQUE (left_patient, right_patient),
  constraint review_pkey PRIMARY KEY (review)
);
create table patient_index.review_pending (
  patient bigint not null,
  constraint review_pending_pkey PRIMARY KEY (patient)
);
create table patient_index.unmerge_decision (
  merge bigint not null,
  rid bigint not null,
  to_source boolean not null,
  decided_by text not null,
  decided_at bigint not null,
  constraint unmerge_decision_merge_fkey FOREIGN KEY (merge) REFERENCES patient_index.merge(merge),
  constraint unmerge_decision_pkey PRIMARY KEY (merge, rid)
);
create table smart."authorization" (
  grant_id text not null,
  client text not null,
  account text not null,
  role text,
  session text,
  reference text not null,
  scopes text[] not null,
  patient text,
  encounter text,
  intent text,
  fhir_context jsonb,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint authorization_client_fkey FOREIGN KEY (client) REFERENCES smart.client(id) ON DELETE CASCADE,
  constraint authorization_pkey PRIMARY KEY (grant_id)
);
create table smart.artifact (
  kind text not null,
  hash bytea not null,
  payload jsonb not null,
  grant_id text,
  uid text,
  client text,
  consumed_at timestamp with time zone,
  expires_at timestamp with time zone not null,
  constraint artifact_client_fkey FOREIGN KEY (client) REFERENCES smart.client(id) ON DELETE CASCADE,
  constraint artifact_pkey PRIMARY KEY (kind, hash)
) with (autovacuum_analyze_scale_factor=0.05, autovacuum_vacuum_scale_factor=0.05);
create table smart.client (
  id text not null,
  name text not null,
  kind text not null,
  redirect_uris text[] not null default '{}'::text[],
  launch_uri text,
  scopes text[] not null,
  jwks jsonb,
  jwks_uri text,
  organization text,
  trusted boolean not null default false,
  introspects boolean not null default false,
  created_at timestamp with time zone not null,
  constraint client_kind_check CHECK ((kind = ANY (ARRAY['public'::text, 'confidential'::text, 'backend'::text]))),
  constraint client_pkey PRIMARY KEY (id)
);
create table smart.launch (
  hash bytea not null,
  client text not null,
  account text not null,
  patient text,
  encounter text,
  intent text,
  fhir_context jsonb,
  expires_at timestamp with time zone not null,
  constraint launch_client_fkey FOREIGN KEY (client) REFERENCES smart.client(id) ON DELETE CASCADE,
  constraint launch_pkey PRIMARY KEY (hash)
);
create table smart.signing_key (
  kid text not null,
  sealed bytea not null,
  created_at timestamp with time zone not null,
  constraint signing_key_pkey PRIMARY KEY (kid)
);
create table terminology.canonical (
  rid bigint not null,
  type smallint not null,
  resource_version integer not null,
  updated bigint not null,
  url text collate "C" not null,
  version text collate "C",
  supplements text collate "C",
  length integer not null,
  constraint canonical_pkey PRIMARY KEY (rid)
);
create table terminology.concept (
  number integer not null,
  concept_set integer not null,
  flags smallint not null,
  code text collate "C" not null,
  display text,
  content text not null,
  parents integer[] not null,
  ancestors integer[] not null,
  words tsvector not null,
  constraint concept_pkey PRIMARY KEY (number)
);
create table terminology.concept_set (
  concept_set integer generated always as identity not null,
  rid bigint not null,
  resource_version integer,
  first_number integer not null,
  size integer not null,
  is_ready boolean not null,
  created timestamp with time zone not null default now(),
  constraint concept_set_pkey PRIMARY KEY (concept_set)
);
create table terminology.generation (
  is_only boolean not null default true,
  generation bigint not null,
  constraint generation_is_only_check CHECK (is_only),
  constraint generation_pkey PRIMARY KEY (is_only)
);
create table terminology.numbering (
  is_only boolean not null default true,
  next_number integer not null,
  constraint numbering_is_only_check CHECK (is_only),
  constraint numbering_pkey PRIMARY KEY (is_only)
);

CREATE INDEX access_grant_patient ON fhir.access_grant USING btree (patient, high, key);
CREATE INDEX access_grant_source ON fhir.access_grant USING btree (source);
CREATE INDEX artifact_client ON smart.artifact USING btree (client) WHERE (client IS NOT NULL);
CREATE INDEX artifact_expires_at ON smart.artifact USING btree (expires_at);
CREATE INDEX artifact_grant ON smart.artifact USING btree (grant_id) WHERE (grant_id IS NOT NULL);
CREATE INDEX artifact_uid ON smart.artifact USING btree (uid) WHERE (uid IS NOT NULL);
CREATE INDEX attempt_last_at ON account.attempt USING btree (last_at);
CREATE INDEX authenticator_account ON account.authenticator USING btree (account);
CREATE INDEX authorization_account ON smart."authorization" USING btree (account);
CREATE INDEX authorization_client ON smart."authorization" USING btree (client);
CREATE INDEX authorization_expires_at ON smart."authorization" USING btree (expires_at);
CREATE INDEX canonical_supplements ON terminology.canonical USING btree (supplements) WHERE (supplements IS NOT NULL);
CREATE INDEX canonical_type ON terminology.canonical USING btree (type, rid);
CREATE INDEX canonical_url ON terminology.canonical USING btree (url, type);
CREATE INDEX case_file_actor ON access.case_file USING btree (actor, number);
CREATE INDEX case_file_state ON access.case_file USING btree (state, number);
CREATE INDEX change_xid ON fhir.change USING btree (xid, number);
CREATE INDEX composite_key_source ON fhir.composite_key USING btree (rid);
CREATE INDEX composite_range_low ON fhir.composite_range USING btree (key, low, rid) INCLUDE (high, unit);
CREATE INDEX composite_range_source ON fhir.composite_range USING btree (rid, path) INCLUDE (key, low, high, unit);
CREATE INDEX composite_ranges_low ON fhir.composite_ranges USING btree (key, low, rid);
CREATE INDEX composite_ranges_source ON fhir.composite_ranges USING btree (rid, path);
CREATE INDEX composite_string_source ON fhir.composite_string USING btree (rid, path);
CREATE INDEX composite_string_value ON fhir.composite_string USING btree (key, "left"(value, 64), rid);
CREATE INDEX concept_set_rid ON terminology.concept_set USING btree (rid);
CREATE INDEX concept_words ON terminology.concept USING gin (words);
CREATE INDEX concern_patient ON audit.concern USING btree (patient, number DESC);
CREATE INDEX concern_state ON audit.concern USING btree (state, number DESC);
CREATE INDEX date_low ON fhir.date USING btree (path, low, rid) INCLUDE (high);
CREATE INDEX date_source ON fhir.date USING btree (rid, path) INCLUDE (low, high);
CREATE INDEX deadline_at ON consent.deadline USING btree (at);
CREATE INDEX division_english ON division.division USING btree (lower(english) text_pattern_ops);
CREATE INDEX division_initials ON division.division USING btree (initials text_pattern_ops);
CREATE INDEX division_name ON division.division USING btree (name text_pattern_ops);
CREATE INDEX division_parent ON division.division USING btree (parent, code);
CREATE INDEX division_pinyin ON division.division USING btree (pinyin text_pattern_ops);
CREATE INDEX emergency_actor ON access.emergency USING btree (actor, opened);
CREATE INDEX emergency_open ON access.emergency USING btree (number) WHERE (judgement IS NULL);
CREATE INDEX event_at ON ONLY audit.event USING brin (at);
CREATE INDEX event_other_at_idx ON audit.event_other USING brin (at);
CREATE INDEX event_other_hashtextextended_at_idx ON audit.event_other USING btree (hashtextextended(patients, (0)::bigint), at) WHERE (patients <> ''::text);
CREATE INDEX event_other_string_to_array_idx ON audit.event_other USING gin (string_to_array(patients, ' '::text)) WHERE (patients ~~ '% %'::text);
CREATE INDEX event_other_who_at_idx ON audit.event_other USING btree (who, at);
CREATE INDEX event_patient ON ONLY audit.event USING btree (hashtextextended(patients, (0)::bigint), at) WHERE (patients <> ''::text);
CREATE INDEX event_patients ON ONLY audit.event USING gin (string_to_array(patients, ' '::text)) WHERE (patients ~~ '% %'::text);
CREATE INDEX event_who ON ONLY audit.event USING btree (who, at);
CREATE INDEX external_identity_account ON account.external_identity USING btree (account);
CREATE INDEX grant_history_patient ON access.grant_history USING btree (patient, until);
CREATE INDEX idempotency_key_created ON fhir.idempotency_key USING btree (created);
CREATE INDEX import_deferred_key ON meridian.import_deferred USING btree (key);
CREATE INDEX job_due ON meridian.job USING btree (due_at) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE INDEX job_ended ON meridian.job USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX launch_client ON smart.launch USING btree (client);
CREATE INDEX launch_expires_at ON smart.launch USING btree (expires_at);
CREATE INDEX merge_item_rid ON patient_index.merge_item USING btree (rid);
CREATE INDEX merge_of_source ON patient_index.merge USING btree (source);
CREATE INDEX merge_of_source_id ON patient_index.merge USING btree (source_id);
CREATE INDEX merge_target ON patient_index.merge USING btree (target) WHERE (unmerged_at IS NULL);
CREATE INDEX merge_target_id ON patient_index.merge USING btree (target_id);
CREATE INDEX miss_actor ON health_code.miss USING btree (actor, at);
CREATE INDEX passkey_account ON account.passkey USING btree (account);
CREATE INDEX payment_account ON health_code.payment USING btree (account, asked DESC);
CREATE INDEX position_latitude ON fhir."position" USING btree (path, latitude, rid) INCLUDE (longitude);
CREATE INDEX position_source ON fhir."position" USING btree (rid, path) INCLUDE (latitude, longitude);
CREATE INDEX quantity_low ON fhir.quantity USING btree (path, low, rid) INCLUDE (high, unit);
CREATE INDEX quantity_range ON fhir.quantity USING btree (path, high, rid) INCLUDE (low, unit) WHERE (low < high);
CREATE INDEX quantity_source ON fhir.quantity USING btree (rid, path) INCLUDE (low, high, unit);
CREATE INDEX quantity_unit ON fhir.quantity USING btree (path, unit, low, rid) INCLUDE (high);
CREATE INDEX redeemed_forget_at ON health_code.redeemed USING btree (forget_at);
CREATE INDEX reference_source ON fhir.reference USING btree (rid, key);
CREATE INDEX relationship_dependency_source ON access.relationship_dependency USING btree (source);
CREATE INDEX resource_absent ON fhir.resource USING btree (rid) WHERE (method = ANY (ARRAY[0, 3]));
CREATE INDEX resource_deleted ON fhir.resource USING btree (type, updated, rid) WHERE (method = 3);
CREATE INDEX resource_history_deleted ON fhir.resource_history USING btree (type, updated, rid) WHERE (method = 3);
CREATE INDEX resource_history_updated ON fhir.resource_history USING btree (type, updated, rid);
CREATE INDEX resource_live ON fhir.resource USING btree (rid) WHERE (method <> ALL (ARRAY[0, 3]));
CREATE INDEX resource_updated ON fhir.resource USING btree (type, updated, rid);
CREATE INDEX review_decided ON patient_index.review USING btree (decided_at, review) WHERE (decided_at IS NOT NULL);
CREATE INDEX review_right ON patient_index.review USING btree (right_patient);
CREATE INDEX review_work ON patient_index.review USING btree (score, review) WHERE (state = ANY (ARRAY['open'::text, 'deferred'::text]));
CREATE INDEX session_account ON account.session USING btree (account);
CREATE INDEX session_ends_at ON account.session USING btree (ends_at);
CREATE INDEX session_role ON account.session USING btree (role);
CREATE INDEX string_source ON fhir.string USING btree (rid, path);
CREATE INDEX string_value ON fhir.string USING btree (path, "left"(value, 64), rid);
CREATE INDEX subscription_due ON fhir.subscription USING btree (due) WHERE (due IS NOT NULL);
CREATE INDEX successor_of ON division.successor USING btree (successor);
CREATE INDEX ticket_account ON account.ticket USING btree (account);
CREATE INDEX ticket_expires_at ON account.ticket USING btree (expires_at);
CREATE INDEX token_code_code ON fhir.token_code USING btree (path, code);
CREATE INDEX token_code_system ON fhir.token_code USING btree (path, system);
CREATE INDEX token_ends ON health_code.token USING btree (ends);
CREATE INDEX token_text_path ON fhir.token_text USING btree (path);
CREATE INDEX unit_dimension ON fhir.unit USING btree (dimension);
CREATE INDEX use_account ON health_code.use USING btree (account, number DESC);
CREATE INDEX words_content ON fhir.words USING gin (content);
CREATE INDEX words_narrative ON fhir.words USING gin (narrative);
CREATE UNIQUE INDEX concept_code ON terminology.concept USING btree (concept_set, code);
CREATE UNIQUE INDEX consent_in_force ON health_code.consent USING btree (account, scope) WHERE (revoked IS NULL);
CREATE UNIQUE INDEX job_key ON meridian.job USING btree (task, key) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]));
CREATE UNIQUE INDEX merge_source ON patient_index.merge USING btree (source) WHERE (unmerged_at IS NULL);
CREATE UNIQUE INDEX merge_source_id ON patient_index.merge USING btree (source_id) WHERE (unmerged_at IS NULL);
CREATE UNIQUE INDEX paper_in_force ON health_code.paper USING btree (account) WHERE (revoked IS NULL);
CREATE UNIQUE INDEX resource_id ON fhir.resource USING btree (id, type);
CREATE UNIQUE INDEX search_parameter_id ON fhir.search_parameter USING btree (id) WHERE (state <> 'removing'::text);
CREATE UNIQUE INDEX subscription_id ON fhir.subscription USING btree (id);

CREATE CONSTRAINT TRIGGER count_generation AFTER INSERT OR UPDATE ON fhir.resource DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.count_generation();
CREATE CONSTRAINT TRIGGER count_generation_of_deletion AFTER DELETE ON fhir.resource DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.count_generation();
CREATE TRIGGER agent_kept BEFORE DELETE OR UPDATE ON audit.agent FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER agent_whole BEFORE TRUNCATE ON audit.agent FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER block_kept BEFORE DELETE OR UPDATE ON audit.block FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER block_whole BEFORE TRUNCATE ON audit.block FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER event_kept BEFORE DELETE OR UPDATE ON audit.event FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER event_kept BEFORE DELETE OR UPDATE ON audit.event_other FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER event_other_whole BEFORE TRUNCATE ON audit.event_other FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER event_whole BEFORE TRUNCATE ON audit.event FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER forget_canonical AFTER DELETE ON fhir.resource FOR EACH ROW WHEN ((old.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.keep_canonical();
CREATE TRIGGER keep_canonical AFTER INSERT OR UPDATE ON fhir.resource FOR EACH ROW WHEN ((new.type = ANY (ARRAY[22, 27, 144]))) EXECUTE FUNCTION terminology.keep_canonical();
CREATE TRIGGER keep_history AFTER DELETE OR UPDATE ON fhir.access_grant FOR EACH ROW EXECUTE FUNCTION access.keep_history();
CREATE TRIGGER keep_superseded AFTER INSERT OR UPDATE OF unmerged_at ON patient_index.merge FOR EACH ROW EXECUTE FUNCTION patient_index.keep_superseded();
CREATE TRIGGER relate_changed AFTER UPDATE ON fhir.resource FOR EACH ROW WHEN ((new.type = ANY (ARRAY[5, 15, 29, 31, 44, 48, 103, 124]))) EXECUTE FUNCTION access.on_source();
CREATE TRIGGER relate_dependent AFTER UPDATE ON fhir.resource FOR EACH ROW WHEN ((new.type = ANY (ARRAY[15, 60, 71, 103, 109, 114]))) EXECUTE FUNCTION access.on_dependency();
CREATE TRIGGER relate_expunged AFTER DELETE ON fhir.resource FOR EACH ROW WHEN ((old.type = ANY (ARRAY[5, 15, 29, 31, 35, 44, 48, 100, 103, 108, 124]))) EXECUTE FUNCTION access.on_expunge();
CREATE TRIGGER relate_new AFTER INSERT ON fhir.resource FOR EACH ROW WHEN (((new.type = ANY (ARRAY[5, 15, 29, 31, 44, 48, 103, 124])) AND (new.content IS NOT NULL))) EXECUTE FUNCTION access.on_source();
CREATE TRIGGER relate_waiting AFTER INSERT ON fhir.resource FOR EACH ROW WHEN ((new.type = ANY (ARRAY[15, 35, 60, 71, 100, 103, 108, 109, 114]))) EXECUTE FUNCTION access.on_dependency();
CREATE TRIGGER root_kept BEFORE DELETE OR UPDATE ON audit.root FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER root_whole BEFORE TRUNCATE ON audit.root FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
