import type { Address, ContactPoint, HumanName, Identifier } from 'fhir/r4.js';
import type { Human } from './concern.ts';

interface Person {
  name?: HumanName[] | undefined;
  birthDate?: string | undefined;
  telecom?: ContactPoint[] | undefined;
  identifier?: Identifier[] | undefined;
  address?: Address[] | undefined;
}

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s,.;·・-]/g, '');
const setOf = (texts: readonly (string | undefined)[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => (text ? [bare(text)] : [])).filter((text) => text !== ''));

export function personToHuman({ name = [], birthDate, telecom = [], identifier = [], address = [] }: Person): Human {
  return {
    names: setOf(name.map(({ text, family = '', given = [] }) => text ?? `${family}${given.join('')}`)),
    families: setOf(name.map(({ family }) => family)),
    birthDate,
    phones: setOf(telecom.filter(({ system }) => system === 'phone' || system === 'sms').map(({ value }) => value)),
    identifiers: new Set(
      identifier.flatMap(({ system, value }) => (value ? [`${system ?? ''}|${value.toUpperCase()}`] : [])),
    ),
    addresses: setOf(address.filter(({ line, text }) => line?.length || text).map(printAddress)),
  };
}

/** Down to the door: what names no house is no address of a household. */
const printAddress = ({ text, state, city, district, line = [] }: Address): string =>
  line.length > 0 ? [state, city, district, ...line].join('') : (text ?? '');
