import { type Access, restrictionOf } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { selectCurrent } from '#fhir/store/contents/index.ts';
import type { Connection, StoredRow } from '#fhir/store/index.ts';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson, printJson } from '#lib/json/index.ts';
import type { Candidate } from '../candidates.ts';
import type { EvidenceField } from '../evidence.ts';
import { isRestricted, maskPatient } from './mask.ts';
import type { PatientMatching } from './matching.ts';
import { parsePatient } from './parse-patient.ts';
import { requireAsker } from './policy.ts';

export type MatchDependencies = Pick<FhirContext, 'pool' | 'search' | 'trail' | 'now'> & { matching: PatientMatching };

/** Somebody who may be the person that was asked for. */
export interface Match extends Candidate {
  readonly version: number;
  /** The Patient as JSON; of a restricted one, what may be shown. */
  readonly content: string;
  readonly isMasked: boolean;
  /** How sure it is, from 0 to 1. */
  readonly probability: number;
}

/** One person without doubt: the score says so, and a number that is theirs alone. */
export const isCertain = ({ evidence }: Candidate): boolean => evidence.band === 'link' && evidence.rules.length === 0;

/** Whoever asks named the person; a phone or an address alone does not find one who is restricted. */
function isNamed({ evidence }: Candidate): boolean {
  const levelOf = (field: EvidenceField) => evidence.fields.find((each) => each.field === field)?.level;
  const numbers = ['nationalId', 'document', 'insuranceNumber'] as const;
  if (numbers.some((field) => levelOf(field) === 'equal')) return true;
  const names = ['equal', 'variant', 'homophone', 'same-sound'];
  const isName = names.includes(levelOf('name') ?? '') || levelOf('familyName') === 'equal';
  return isName && levelOf('birthDate') === 'equal';
}

export interface MatchInput {
  readonly patient: JsonObject;
  readonly count: number;
  /** Only somebody of whom it is certain, and only if it is one. */
  readonly onlyCertain: boolean;
  /** As the trail names it. */
  readonly interaction: string;
}

export interface MatchResult {
  readonly matches: readonly Match[];
  /** What was given is shared by so many that not all of them were compared. */
  readonly isIncomplete: boolean;
}

/** Who this may be, the likeliest first. Everybody who is shown stands in the trail. */
export async function match(
  deps: MatchDependencies,
  access: Access,
  { patient, count, onlyCertain, interaction }: MatchInput,
  connection: Connection = deps.pool,
): Promise<MatchResult> {
  requireAsker(access);
  const person = parsePatient(patient);
  requireSomething(person);
  const { candidates, isIncomplete } = await deps.matching.find(connection, person, { limit: onlyCertain ? 2 : count });
  const { model } = await deps.matching.current();
  const certain = candidates.filter(isCertain);
  const chosen = onlyCertain ? (certain.length === 1 ? certain : []) : candidates;
  const rows = new Map(
    (
      await selectCurrent(
        connection,
        chosen.map(({ rid }) => rid),
      )
    ).map((row) => [row.rid, row]),
  );
  const open = await openOf(deps, access, connection, [...rows.values()]);
  const matches = chosen.flatMap((candidate): Match[] => {
    const row = rows.get(candidate.rid);
    const content = row?.content;
    if (!row || !content) return [];
    const probability = 1 / (1 + 2 ** -(candidate.evidence.score + model.prior));
    const isMasked = !open.has(row.rid);
    if (isMasked && !isNamed(candidate)) return [];
    const shown = isMasked ? printJson(maskPatient(parseJson(content) as JsonObject)) : content;
    return [{ ...candidate, version: row.version, content: shown, isMasked, probability }];
  });
  noteMatches(deps, access, interaction, matches);
  return { matches, isIncomplete };
}

function requireSomething(person: ReturnType<typeof parsePatient>): void {
  const { han, latin, birthDate, nationalIds, documents, insuranceNumbers, phones } = person;
  const numbers = [...nationalIds, ...documents, ...insuranceNumbers, ...phones];
  if (numbers.length > 0 || (birthDate !== undefined && han.length + latin.length + person.mothers.length > 0)) return;
  throw new Failure('required', 'Say more of the person: an identifier, a phone number, or name and birth date.');
}

/** All but restricted persons, and of these the ones whom the actor may see anyway. */
async function openOf(
  { search }: MatchDependencies,
  access: Access,
  connection: Connection,
  rows: readonly StoredRow[],
): Promise<ReadonlySet<number>> {
  const isClosed = ({ content }: StoredRow): boolean =>
    (content?.includes('"security"') ?? false) && isRestricted(parseJson(content ?? '{}') as JsonObject);
  const closed = rows.filter(isClosed).map(({ rid }) => ({ rid, type: 'Patient' }));
  const open = new Set(rows.map(({ rid }) => rid));
  if (closed.length === 0) return open;
  for (const { rid } of closed) open.delete(rid);
  for (const rid of await search.readable(connection, restrictionOf(access, 'search'), closed)) open.add(rid);
  return open;
}

function noteMatches(
  { trail, now }: MatchDependencies,
  { actor }: Access,
  interaction: string,
  matches: readonly Match[],
) {
  const entities = matches.map(({ id, version }) => ({ type: 'Patient', id, version }));
  const patients = matches.map(({ id }) => id);
  trail.note({ actor, at: now(), action: 'E', interaction, outcome: '0', entities, patients });
}
