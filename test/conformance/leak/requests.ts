import fc from 'fast-check';
import { patients } from './world.ts';

/** One condition of a search: by what a resource says itself, or by what it is tied to. */
export type Ask =
  | { readonly is: 'own'; readonly type: string; readonly name: string; readonly value: string }
  | { readonly is: 'chain'; readonly type: string; readonly code: string; readonly to: Ask }
  | { readonly is: 'reverse'; readonly type: string; readonly code: string; readonly from: Ask }
  | { readonly is: 'list'; readonly type: string; readonly id: string };

const security = 'http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY';

const patientIds = fc.constantFrom(...patients);

const own: Readonly<Record<string, readonly [name: string, value: string][]>> = {
  Patient: [
    ['birthdate', '1970-02-03'],
    ['birthdate', 'gt1900'],
    ['_security:not', 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R'],
  ],
  Condition: [
    ['_security', security],
    ['_security:not', security],
    ['encounter:missing', 'false'],
  ],
  Observation: [
    ['code', 'http://loinc.org|8302-2'],
    ['value-quantity', 'gt180'],
    ['status', 'final'],
  ],
  Encounter: [
    ['class', 'IMP'],
    ['_security', security],
    ['status', 'finished'],
  ],
  List: [['status', 'current']],
  Group: [['actual', 'true']],
  Provenance: [['recorded', '2026']],
  Organization: [['name', 'ward']],
  Practitioner: [['name', 'psychiatrist']],
  MedicationRequest: [['status', 'active']],
  Coverage: [['status', 'active']],
  Task: [['status', 'requested']],
};

const links: readonly [source: string, code: string, target: string][] = [
  ['Condition', 'subject', 'Patient'],
  ['Condition', 'encounter', 'Encounter'],
  ['Observation', 'subject', 'Patient'],
  ['Observation', 'encounter', 'Encounter'],
  ['Observation', 'has-member', 'Observation'],
  ['Observation', 'performer', 'Patient'],
  ['Encounter', 'subject', 'Patient'],
  ['Encounter', 'part-of', 'Encounter'],
  ['Encounter', 'service-provider', 'Organization'],
  ['Encounter', 'practitioner', 'Practitioner'],
  ['List', 'item', 'Condition'],
  ['List', 'item', 'Observation'],
  ['List', 'subject', 'Patient'],
  ['Group', 'member', 'Patient'],
  ['Provenance', 'target', 'Condition'],
  ['Provenance', 'target', 'Observation'],
  ['Provenance', 'agent', 'Practitioner'],
  ['MedicationRequest', 'subject', 'Patient'],
  ['Coverage', 'beneficiary', 'Patient'],
  ['Task', 'patient', 'Patient'],
];

export const types = Object.keys(own);

function ownAsk(type: string): fc.Arbitrary<Ask> {
  const choices = (own[type] ?? []).map(([name, value]): Ask => ({ is: 'own', type, name, value }));
  const ofPatient = links.filter(([source, , target]) => source === type && target === 'Patient');
  return fc.oneof(
    fc.constantFrom(...choices),
    ...ofPatient.map(([, code]) =>
      patientIds.map((id): Ask => ({ is: 'own', type, name: code, value: `Patient/${id}` })),
    ),
  );
}

const deepest = 2;

export function ask(type: string, depth = deepest): fc.Arbitrary<Ask> {
  if (depth === 0) return ownAsk(type);
  const forward = links.filter(([source]) => source === type);
  const backward = links.filter(([, , target]) => target === type);
  const asks: fc.Arbitrary<Ask>[] = [
    ownAsk(type),
    ...forward.map(([, code, target]) => ask(target, depth - 1).map((to): Ask => ({ is: 'chain', type, code, to }))),
    ...backward.map(([source, code]) =>
      ask(source, depth - 1).map((from): Ask => ({ is: 'reverse', type, code, from })),
    ),
  ];
  if (type === 'Condition' && depth === deepest) {
    asks.push(fc.constant({ is: 'own', type, name: '_filter', value: 'encounter pr false' }));
  }
  if (['Condition', 'Observation'].includes(type)) {
    asks.push(patientIds.map((id): Ask => ({ is: 'list', type, id: `l.${id}` })));
  }
  return fc.oneof(...asks);
}

/** As the name and the value of a search parameter. */
export function print(asked: Ask, isInner = false): [name: string, value: string] {
  if (asked.is === 'own') return [asked.name, asked.value];
  if (asked.is === 'list') return [isInner ? '_has:List:item:_id' : '_list', asked.id];
  const [name, value] = print(asked.is === 'chain' ? asked.to : asked.from, true);
  if (asked.is === 'chain') return [`${asked.code}:${asked.to.type}.${name}`, value];
  return [`_has:${asked.from.type}:${asked.code}:${name}`, value];
}

const includesOf = (type: string): string[] => [
  ...links.filter(([source]) => source === type).map(([, code]) => `_include=${type}:${code}`),
  ...links.filter(([, , target]) => target === type).map(([source, code]) => `_revinclude=${source}:${code}`),
  ...links.map(([source, code]) => `_include:iterate=${source}:${code}`),
  ...links.map(([source, code]) => `_revinclude:iterate=${source}:${code}`),
  '_include=*',
];

export interface Asked {
  readonly actor: string;
  readonly type: string;
  readonly asks: readonly Ask[];
  readonly more: readonly string[];
  readonly way: 'get' | 'post' | 'batch';
}

export const asked = (actors: readonly string[]): fc.Arbitrary<Asked> =>
  fc.constantFrom(...types).chain((type) =>
    fc.record({
      actor: fc.constantFrom(...actors),
      type: fc.constant(type),
      asks: fc.array(ask(type), { maxLength: 2 }),
      more: fc
        .tuple(
          fc.subarray(includesOf(type), { maxLength: 4 }),
          fc.constantFrom('', '_sort=_id', '_sort=-_lastUpdated'),
          fc.constantFrom('_total=accurate', '_total=estimate', '_total=none', '_summary=count', '_count=0'),
          fc.constantFrom('', '_count=3', '_count=1000', '_elements=id', '_summary=true'),
        )
        .map(([includes, ...others]) => [...includes, ...others].filter((part) => part !== ''))
        // Of _count and _summary one is said.
        .map((parts) =>
          parts.filter(
            (part, at) => parts.findIndex((other) => nameOf(other) === nameOf(part)) === at || part.includes('include'),
          ),
        ),
      way: fc.constantFrom('get', 'post', 'batch'),
    }),
  );

const nameOf = (part: string): string => part.slice(0, part.indexOf('='));
