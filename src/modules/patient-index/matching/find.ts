import type { Connection } from '#fhir/store/index.ts';
import type { Candidate } from '../candidates.ts';
import { blockKeysOf } from './block-keys.ts';
import type { CurrentModel } from './current-model.ts';
import { readPerson } from './derive.ts';
import type { Model } from './model.ts';
import type { Person } from './person.ts';
import { type PersonRow, selectSharing, selectSharingTwo } from './queries.ts';
import { compareEvidence, levelsOf, scoreLevels } from './score.ts';

/** Persons who may be the one that was asked for. */
export interface Found {
  /** The likeliest first. */
  readonly candidates: readonly Candidate[];
  /** What was given is shared by so many persons that not all of them were compared. */
  readonly isIncomplete: boolean;
}

export interface FindOptions {
  readonly limit: number;
  /** The Patient itself. */
  readonly except?: number;
}

const mostOfKey = 100;
const mostPersons = 1000;
const mostOfFrequentKey = 5000;
const mostSharingTwo = 200;

/** Compares a person with all who share a key with them; gives those whom nothing says to be others. */
export async function findCandidates(
  connection: Connection,
  { model }: CurrentModel,
  person: Person,
  { limit, except }: FindOptions,
): Promise<Found> {
  const keys = blockKeysOf(person).map(({ key }) => key);
  if (keys.length === 0) return { candidates: [], isIncomplete: false };
  const { persons, frequent, isCut } = await selectSharing(connection, keys, { mostOfKey, mostPersons });
  // What many share says something only together with more.
  const more =
    frequent.length > 1
      ? await selectSharingTwo(connection, frequent, { mostOfKey: mostOfFrequentKey, mostPersons: mostSharingTwo })
      : { persons: [], isCut: frequent.length > 0 };
  const rows = new Map([...persons, ...more.persons].map((row) => [row.person, row]));
  if (except !== undefined) rows.delete(except);
  const candidates = likely(model, person, [...rows.values()], limit);
  return { candidates, isIncomplete: isCut || (more.isCut && candidates.length === 0) };
}

function likely(model: Model, person: Person, rows: readonly PersonRow[], limit: number): Candidate[] {
  const scored = rows.flatMap((row) => {
    const other = readPerson(row.features);
    const score = scoreLevels(model, levelsOf(person, other), person, other);
    return score >= model.thresholds.review ? [{ row, other, score }] : [];
  });
  scored.sort((left, right) => right.score - left.score || left.row.person - right.row.person);
  return scored
    .map(
      ({ row, other }): Candidate => ({ rid: row.person, id: row.id, evidence: compareEvidence(model, person, other) }),
    )
    .filter(({ evidence }) => evidence.band !== 'new')
    .slice(0, limit);
}
