import type { JsonObject } from '#lib/json/index.ts';
import type { CodeSystem } from '../code-system.ts';
import type { Concept } from '../concept.ts';
import { walkConcepts } from '../concepts.ts';
import type { ConceptQuery, Condition } from '../condition.ts';
import { objectAt, objectsAt, textAt } from '../element.ts';
import { terminologyFault } from '../fault.ts';
import { readFilter } from '../filter.ts';
import { wordsOfConcept } from '../memory-concepts.ts';
import type { Scope } from '../scope.ts';
import type { Include, PreparedValueSet } from '../validate/prepare.ts';
import { compareVersions } from '../version.ts';
import { hasWords, wordsOf } from '../words.ts';
import { contains, isExcluded } from './contains.ts';
import { exclusionConditions, hasOtherExclusions } from './exclusion.ts';
import { requireCodeSystem } from './require-code-system.ts';

/** A member of a value set: a concept, or what a stored expansion says. */
export interface Member {
  readonly system: string;
  readonly version: string | undefined;
  readonly code: string;
  readonly codeSystem: CodeSystem | undefined;
  readonly concept: Concept | undefined;
  /** How the value set refers to it. */
  readonly reference: JsonObject | undefined;
  /** Of a stored expansion. */
  readonly listed: JsonObject | undefined;
  /** The value set, or the imported one, that has it. */
  readonly valueSet: JsonObject;
}

/** What is wanted of the members. */
export interface Wanted {
  readonly scope: Scope;
  /** Beginnings of words. */
  readonly words: readonly string[];
  readonly isActiveOnly: boolean;
  readonly isSelectableOnly: boolean;
  /** So many concepts are read at once. */
  readonly pieceSize?: number;
  /** Told of everything that is read on the way. */
  readonly onCodeSystem: (codeSystem: CodeSystem) => void;
  readonly onImport: (valueSet: PreparedValueSet) => void;
}

/** The members of a value set in its order, piece by piece; a code that two includes have comes twice. */
export async function* walkMembers(wanted: Wanted, valueSet: PreparedValueSet): AsyncGenerator<Member[]> {
  const { resource } = valueSet.found;
  if (!objectAt(resource, 'compose')) {
    yield listedMembers(wanted, resource);
    return;
  }
  for (const include of newestFirst(valueSet.includes)) {
    for await (const members of walkInclude(wanted, valueSet, include)) {
      const isDone = members.every(
        ({ codeSystem }) => codeSystem && !hasOtherExclusions(wanted.scope, valueSet, codeSystem),
      );
      const isOwn = include.system !== undefined && isDone;
      const kept =
        valueSet.excludes.length === 0 || isOwn ? members : await withoutExcluded(wanted.scope, valueSet, members);
      if (kept.length > 0) yield kept;
    }
  }
}

export const newestFirst = (includes: readonly Include[]): Include[] =>
  [...includes].sort((left, right) =>
    left.system === right.system && left.version && right.version ? compareVersions(right.version, left.version) : 0,
  );

async function withoutExcluded(scope: Scope, valueSet: PreparedValueSet, members: readonly Member[]) {
  const kept: Member[] = [];
  for (const member of members) if (!(await isExcluded(scope, valueSet, member))) kept.push(member);
  return kept;
}

async function* walkInclude(wanted: Wanted, valueSet: PreparedValueSet, include: Include): AsyncGenerator<Member[]> {
  await wanted.scope.spend();
  for (const imported of include.imports) wanted.onImport(imported);
  const [first, ...others] = include.imports;
  const tests = include.system === undefined ? others : include.imports;
  for await (const members of walkBase(wanted, valueSet, include, first)) {
    yield tests.length === 0 ? members : await inAll(wanted.scope, tests, members);
  }
}

async function inAll(scope: Scope, tests: readonly PreparedValueSet[], members: readonly Member[]): Promise<Member[]> {
  const kept: Member[] = [];
  for (const member of members) {
    let isIn = true;
    for (const test of tests) isIn &&= (await contains(scope, test, member)) === true;
    if (isIn) kept.push(member);
  }
  return kept;
}

async function* walkBase(
  wanted: Wanted,
  valueSet: PreparedValueSet,
  include: Include,
  first: PreparedValueSet | undefined,
): AsyncGenerator<Member[]> {
  if (include.system === undefined) {
    if (first) yield* walkMembers(wanted, first);
    return;
  }
  if (wanted.scope.settings.excludedSystems.has(include.system)) return;
  const codeSystem = await requireCodeSystem(wanted.scope, include.system, include.version);
  wanted.onCodeSystem(codeSystem);
  const toMember = memberOf(codeSystem, valueSet.found.resource);
  const query = await queryOf(wanted, valueSet, include, codeSystem);
  if (include.concepts) {
    yield* walkReferences(query, include.concepts, codeSystem, toMember);
    return;
  }
  for await (const concepts of walkConcepts(codeSystem.concepts, query, wanted.pieceSize)) {
    yield concepts.map((concept) => toMember(concept, undefined));
  }
}

type ToMember = (concept: Concept, reference: JsonObject | undefined) => Member;

export const memberOf =
  (codeSystem: CodeSystem, valueSet: JsonObject): ToMember =>
  (concept, reference) => ({
    system: codeSystem.url,
    version: codeSystem.version,
    code: concept.code,
    codeSystem,
    concept,
    reference,
    listed: undefined,
    valueSet,
  });

/** The conditions of an include and of the request, for the code system to find concepts by. */
export async function queryOf(
  { scope, words, isActiveOnly, isSelectableOnly }: Wanted,
  valueSet: PreparedValueSet,
  { filters, path }: Include,
  codeSystem: CodeSystem,
): Promise<ConceptQuery> {
  const conditions: Condition[] = await exclusionConditions(scope, valueSet, codeSystem);
  for (const [index, filter] of filters.entries()) {
    conditions.push(await readFilter(codeSystem, filter, `${path}.filter[${index}]`));
  }
  if (isActiveOnly || valueSet.isActiveOnly) conditions.push({ kind: 'active' });
  if (isSelectableOnly) conditions.push({ kind: 'selectable' });
  return { conditions, words };
}

const referencesAtOnce = 500;

/** Concepts that the value set names, in its order; those that the code system does not know are left out. */
async function* walkReferences(
  { conditions, words }: ConceptQuery,
  references: readonly JsonObject[],
  codeSystem: CodeSystem,
  toMember: ToMember,
): AsyncGenerator<Member[]> {
  for (let start = 0; start < references.length; start += referencesAtOnce) {
    const part = references.slice(start, start + referencesAtOnce);
    const found = await codeSystem.concepts.find(part.map((reference) => textAt(reference, 'code') ?? ''));
    const numbers = found.flatMap((concept) => concept?.number ?? []);
    const meeting = new Set<number>();
    if (conditions.length > 0 && numbers.length > 0) {
      const query = { conditions: [{ kind: 'among', numbers } as const, ...conditions], words: [] };
      const page = { after: -1, limit: numbers.length };
      for (const { number } of await codeSystem.concepts.select(query, page)) meeting.add(number);
    }
    const members: Member[] = [];
    for (const [index, concept] of found.entries()) {
      const reference = part[index];
      if (!concept || !reference || (conditions.length > 0 && !meeting.has(concept.number))) continue;
      if (words.length === 0 || isFoundBy(words, concept, reference)) members.push(toMember(concept, reference));
    }
    yield members;
  }
}

function isFoundBy(words: readonly string[], concept: Concept, reference: JsonObject): boolean {
  const designations = objectsAt(reference, 'designation').map((one) => textAt(one, 'value') ?? '');
  const own = wordsOf([textAt(reference, 'display') ?? '', ...designations]);
  return hasWords(new Set([...wordsOfConcept(concept), ...own]), words);
}

/** What a value set without a definition lists in its expansion. */
function listedMembers({ words, isActiveOnly, isSelectableOnly }: Wanted, resource: JsonObject): Member[] {
  const expansion = objectAt(resource, 'expansion');
  if (!expansion) {
    throw terminologyFault({
      code: 'business-rule',
      text: `The value set ${textAt(resource, 'url')} has neither a definition nor an expansion.`,
    });
  }
  const members: Member[] = [];
  const waiting = objectsAt(expansion, 'contains').reverse();
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    for (const each of objectsAt(entry, 'contains').reverse()) waiting.push(each);
    const [system, code] = [textAt(entry, 'system'), textAt(entry, 'code')];
    const isLeftOut = (isActiveOnly && entry.inactive === true) || (isSelectableOnly && entry.abstract === true);
    if (system === undefined || code === undefined || isLeftOut) continue;
    if (words.length > 0 && !hasWords(wordsOf([code, textAt(entry, 'display') ?? '']), words)) continue;
    const { contains: _, ...listed } = entry;
    const version = textAt(entry, 'version');
    const nothing = { codeSystem: undefined, concept: undefined, reference: undefined };
    members.push({ system, version, code, ...nothing, listed, valueSet: resource });
  }
  return members;
}
