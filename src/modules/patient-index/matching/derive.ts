import type { DerivedRows } from '#fhir/store/index.ts';
import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { blockKeysOf } from './block-keys.ts';
import { parsePatient } from './parse-patient.ts';
import type { Person } from './person.ts';
import { type IndexedPerson, writePersons } from './queries.ts';

/** Raised when keys or features become others: all persons are then indexed anew. */
export const indexRules = 1;

/** A person whom another one has replaced is found as that one. */
const isSuperseded = ({ link }: JsonObject): boolean =>
  Array.isArray(link) && link.some((each) => isJsonObject(each) && each.type === 'replaced-by');

export const printPerson = (person: Person): string => JSON.stringify(person);

/** As it was stored by `printPerson`. */
export const readPerson = (features: string): Person => JSON.parse(features) as Person;

/** What is kept of a Patient; undefined of one that is not to be found. */
export function indexPerson(rid: number, id: string, resource: JsonObject): IndexedPerson | undefined {
  if (isSuperseded(resource)) return undefined;
  const person = parsePatient(resource);
  return { person: rid, id, keys: blockKeysOf(person).map(({ key }) => key), features: printPerson(person) };
}

/** Keeps the index of persons in the transactions that write Patients. */
export const personRows: DerivedRows = {
  types: ['Patient'],
  async write(connection, written) {
    const persons: IndexedPerson[] = [];
    const gone: number[] = [];
    for (const { rid, id, resource } of written) {
      const person = resource && indexPerson(rid, id, resource);
      if (person) persons.push(person);
      else gone.push(rid);
    }
    await writePersons(connection, persons, gone);
  },
};
