import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { parseJson } from '#lib/json/index.ts';
import type { CodeInSystem, TerminologySource } from '../search/index.ts';
import type { Store } from '../store/index.ts';
import type { CodeSystem } from './code-system.ts';
import type { Concept } from './concept.ts';
import { walkConcepts } from './concepts.ts';
import { contains } from './expand/contains.ts';
import { walkMembers } from './expand/members.ts';
import { TerminologyFault } from './fault.ts';
import type { Library } from './library.ts';
import { describeValueSet, type FoundValueSet, Scope } from './scope.ts';
import { Settings } from './settings.ts';
import { type PreparedValueSet, prepareValueSet } from './validate/prepare.ts';

/** What validation asks: whether a code belongs to a value set. */
export interface ValueSetSource {
  /** Undefined when the value set, or the code system, is not known. Without a system, any of the value set will do. */
  contains(valueSet: string, system: string | undefined, code: string): Promise<boolean | undefined>;
}

const newScope = (library: Library): Scope => new Scope(library, new Settings(undefined), []);

const tooCostly = (name: string, limit: number): Failure =>
  new Failure('too-costly', `${name} has more than ${limit} codes. Search for fewer.`);

/** Errors in a value set are told to whoever uses it. */
function toFailure(error: unknown): unknown {
  return error instanceof TerminologyFault ? new Failure('processing', error.message) : error;
}

const rethrow = (error: unknown): never => {
  throw toFailure(error);
};

async function prepare(scope: Scope, found: FoundValueSet): Promise<PreparedValueSet> {
  scope.settings.takeFrom(found.resource);
  const unknownImport = (canonical: string) =>
    new Failure('not-found', `${found.url} imports the value set ${canonical}, which is not known here. Store it.`);
  try {
    return await prepareValueSet(scope, found, { unknownImport });
  } catch (error) {
    throw toFailure(error);
  }
}

/** For `:in`, `:not-in`, `:below` and `:above`. */
export function createSearchSource(library: Library, store: Store): TerminologySource {
  return {
    async membersOf(name, limit) {
      await library.refresh();
      const scope = newScope(library);
      const found = await findValueSet(library, store, scope, name);
      return found && listMembers(scope, await prepare(scope, found), name, limit);
    },
    descendants: (system, code, limit) =>
      withConcept(library, system, code, (codeSystem, { number }) =>
        listBelow(codeSystem, number, `${system}|${code}`, limit),
      ),
    ancestors: (system, code, limit) =>
      withConcept(library, system, code, async ({ concepts }, concept) => {
        if (concept.ancestors.length >= limit) throw tooCostly(`${system}|${code}`, limit);
        return [concept.code, ...(await concepts.numbered(concept.ancestors)).map((above) => above.code)];
      }),
  };
}

async function findValueSet(
  library: Library,
  store: Store,
  scope: Scope,
  name: string,
): Promise<FoundValueSet | undefined> {
  const local = /^ValueSet\/([A-Za-z0-9\-.]{1,64})$/.exec(name);
  if (!local?.[1]) return scope.findValueSet(name, undefined);
  const row = await store.read(library.pool, 'ValueSet', local[1]);
  return row?.content ? describeValueSet(parseJson(row.content) as JsonObject, name) : undefined;
}

async function listMembers(
  scope: Scope,
  valueSet: PreparedValueSet,
  name: string,
  limit: number,
): Promise<CodeInSystem[]> {
  const members = new Map<string, CodeInSystem>();
  const nothing = () => {};
  const wanted = {
    scope,
    words: [],
    isActiveOnly: false,
    isSelectableOnly: false,
    onCodeSystem: nothing,
    onImport: nothing,
  };
  try {
    for await (const piece of walkMembers(wanted, valueSet)) {
      for (const { system, code } of piece) members.set(`${system}|${code}`, { system, code });
      if (members.size > limit) throw tooCostly(name, limit);
    }
  } catch (error) {
    throw toFailure(error);
  }
  return [...members.values()];
}

async function withConcept(
  library: Library,
  system: string,
  code: string,
  list: (codeSystem: CodeSystem, concept: Concept) => Promise<string[]>,
): Promise<string[] | undefined> {
  await library.refresh();
  const codeSystem = await newScope(library).findCodeSystem(system, undefined);
  const [concept] = codeSystem ? await codeSystem.concepts.find([code]) : [];
  return codeSystem && concept && list(codeSystem, concept);
}

async function listBelow({ concepts }: CodeSystem, number: number, name: string, limit: number): Promise<string[]> {
  const query = { conditions: [{ kind: 'below', number, orSelf: true } as const], words: [] };
  if ((await concepts.count(query)) > limit) throw tooCostly(name, limit);
  const codes: string[] = [];
  for await (const piece of walkConcepts(concepts, query)) for (const { code } of piece) codes.push(code);
  return codes;
}

/** For validation. A value set that is asked about often is prepared once. */
export function createValueSetSource(library: Library): ValueSetSource {
  const prepared = (canonical: string) =>
    library.derive(`prepared ${canonical}`, async () => {
      const scope = newScope(library);
      const found = await scope.findValueSet(canonical, undefined);
      return found && { settings: scope.settings, valueSet: await prepare(scope, found) };
    });
  return {
    async contains(canonical, system, code) {
      await library.refresh();
      const known = await prepared(canonical);
      if (!known) return undefined;
      const { settings, valueSet } = known;
      const scope = new Scope(library, settings, []);
      const systems = system === undefined ? systemsOf(valueSet) : [system];
      let isUnknown = false;
      for (const one of systems) {
        const isIn = await contains(scope, valueSet, { system: one, version: undefined, code }).catch(rethrow);
        if (isIn) return true;
        if (isIn === undefined) isUnknown = true;
      }
      return isUnknown ? undefined : false;
    },
  };
}

function systemsOf({ includes }: PreparedValueSet): string[] {
  const own = includes.flatMap(({ system }) => system ?? []);
  const imported = includes.flatMap(({ imports }) => imports.flatMap(systemsOf));
  return [...new Set([...own, ...imported])];
}
