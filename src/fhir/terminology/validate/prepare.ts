import type { JsonObject } from '#lib/json/index.ts';
import { objectAt, objectsAt, textAt, textsAt } from '../element.ts';
import { terminologyFault } from '../fault.ts';
import { readFilter } from '../filter.ts';
import type { FoundValueSet, Scope } from '../scope.ts';
import { joinCanonical, splitCanonical } from '../version.ts';

/** An element of compose.include or compose.exclude, with the value sets that it imports. */
export interface Include {
  readonly element: JsonObject;
  readonly system: string | undefined;
  readonly version: string | undefined;
  readonly concepts: readonly JsonObject[] | undefined;
  readonly filters: readonly JsonObject[];
  readonly imports: readonly PreparedValueSet[];
  readonly path: string;
}

/** A value set all of whose imports have been found. */
export interface PreparedValueSet {
  readonly found: FoundValueSet;
  readonly includes: readonly Include[];
  readonly excludes: readonly Include[];
  /** compose.inactive is false: inactive codes do not belong. */
  readonly isActiveOnly: boolean;
}

const mostImports = 1_000;

export interface PrepareOptions {
  /** What to say when an imported value set is not known. */
  unknownImport(canonical: string): Error;
}

/** Finds everything that a value set imports; fails on a circle, and where something is not known. */
export async function prepareValueSet(
  scope: Scope,
  found: FoundValueSet,
  options: PrepareOptions,
): Promise<PreparedValueSet> {
  const prepared = new Map<string, PreparedValueSet>();
  const prepare = async (valueSet: FoundValueSet, chain: readonly FoundValueSet[]): Promise<PreparedValueSet> => {
    const known = prepared.get(valueSet.key);
    if (known) return known;
    if (chain.some(({ key }) => key === valueSet.key)) throw circularFault([...chain, valueSet]);
    if (prepared.size >= mostImports) throw tooManyImports(valueSet);
    const within = [...chain, valueSet];
    const compose = objectAt(valueSet.resource, 'compose');
    refuseLockedDate(valueSet, compose);
    const parts = async (name: 'include' | 'exclude') => {
      const includes: Include[] = [];
      for (const [index, element] of objectsAt(compose, name).entries()) {
        const path = `ValueSet.compose.${name}[${index}]`;
        includes.push(await prepareInclude(element, path, valueSet, (imported) => prepare(imported, within)));
      }
      return includes;
    };
    const result = {
      found: valueSet,
      includes: await parts('include'),
      excludes: await parts('exclude'),
      isActiveOnly: compose?.inactive === false,
    };
    prepared.set(valueSet.key, result);
    return result;
  };
  const prepareInclude = async (
    element: JsonObject,
    path: string,
    container: FoundValueSet,
    prepareImport: (imported: FoundValueSet) => Promise<PreparedValueSet>,
  ): Promise<Include> => {
    const imports: PreparedValueSet[] = [];
    for (const canonical of textsAt(element, 'valueSet')) {
      const pinned = pin(scope, canonical);
      const imported = await scope.findValueSet(pinned, undefined, container);
      if (!imported) throw options.unknownImport(pinned);
      imports.push(await prepareImport(imported));
    }
    const include = describeInclude(element, path, imports);
    await checkFilters(scope, include);
    return include;
  };
  return prepare(found, []);
}

function describeInclude(element: JsonObject, path: string, imports: readonly PreparedValueSet[]): Include {
  return {
    element,
    system: textAt(element, 'system'),
    version: textAt(element, 'version'),
    concepts: Array.isArray(element.concept) ? objectsAt(element, 'concept') : undefined,
    filters: objectsAt(element, 'filter'),
    imports,
    path,
  };
}

/** With the version that a rule of the request names. */
function pin(scope: Scope, canonical: string): string {
  if (canonical.startsWith('#')) return canonical;
  const { url, version } = splitCanonical(canonical);
  return joinCanonical(url, scope.ruledVersion(url, version, true));
}

async function checkFilters(scope: Scope, { system, version, filters, path }: Include): Promise<void> {
  if (system === undefined) return;
  const codeSystem = await scope.findCodeSystem(system, scope.ruledVersion(system, version));
  if (!codeSystem) return;
  for (const [index, filter] of filters.entries()) await readFilter(codeSystem, filter, `${path}.filter[${index}]`);
}

const nameOf = ({ url, version, key }: FoundValueSet): string => (url === '' ? key : joinCanonical(url, version));

function circularFault(chain: readonly FoundValueSet[]): Error {
  return terminologyFault({
    code: 'processing',
    detail: 'vs-invalid',
    messageId: 'VALUESET_CIRCULAR_REFERENCE',
    text: `These value sets import each other in a circle: ${chain.map(nameOf).join(' > ')}. Break it.`,
  });
}

function tooManyImports(valueSet: FoundValueSet): Error {
  return terminologyFault({
    code: 'too-costly',
    text: `More than ${mostImports} value sets are imported, ${nameOf(valueSet)} among them. Import fewer.`,
  });
}

function refuseLockedDate(valueSet: FoundValueSet, compose: JsonObject | undefined): void {
  if (compose?.lockedDate === undefined) return;
  throw terminologyFault({
    code: 'business-rule',
    text: `${nameOf(valueSet)} has a lockedDate, which is not understood here. Name versions of code systems instead.`,
  });
}
