import type { JsonObject } from '#lib/json/index.ts';
import { objectAt, objectsAt, textAt } from './element.ts';
import { terminologyFault } from './fault.ts';
import type { Scope } from './scope.ts';
import { joinCanonical, splitCanonical } from './version.ts';

export interface TranslateQuestion {
  readonly system: string | undefined;
  readonly code: string;
  /** From target to source. */
  readonly isReverse: boolean;
  /** As R4 words it: the concept that is found is that of the source. */
  readonly givesSource: boolean;
  /** Canonical of the map; otherwise all are looked through. */
  readonly url: string | undefined;
  readonly version: string | undefined;
  /** Given with the request. */
  readonly conceptMap: JsonObject | undefined;
  readonly sourceScope: string | undefined;
  readonly targetScope: string | undefined;
  /** The code system on the other side. */
  readonly otherSystem: string | undefined;
}

const mostMatches = 1_000;

/** The relationships of R5 in the words of R4. */
const equivalences = new Map([
  ['related-to', 'relatedto'],
  ['source-is-narrower-than-target', 'wider'],
  ['source-is-broader-than-target', 'narrower'],
  ['not-related-to', 'disjoint'],
]);

/** Equivalences that are no translation. */
const noMatch = new Set(['unmatched', 'disjoint', 'not-related-to']);

interface Match {
  readonly equivalence: string;
  readonly concept: JsonObject;
  readonly map: JsonObject;
  readonly source: JsonObject | undefined;
}

/** The answer to $translate. https://hl7.org/fhir/R4/conceptmap-operation-translate.html */
export async function translate(scope: Scope, question: TranslateQuestion): Promise<JsonObject> {
  const maps = await findMaps(scope, question);
  const matches: Match[] = [];
  for (const map of maps) {
    if (!fitsScopes(map, question)) continue;
    for (const group of objectsAt(map, 'group')) {
      matches.push(
        ...(question.isReverse ? matchBackwards(map, group, question) : matchForwards(map, group, question)),
      );
    }
    if (matches.length > mostMatches) throw tooManyMatches();
  }
  const isTranslated = matches.some(({ equivalence }) => !noMatch.has(equivalence));
  const parameter: JsonObject[] = [{ name: 'result', valueBoolean: isTranslated }];
  if (matches.length === 0) {
    parameter.push({ name: 'message', valueString: `Nothing translates ${question.system ?? ''}#${question.code}.` });
  }
  return { resourceType: 'Parameters', parameter: [...parameter, ...matches.map(printMatch)] };
}

const tooManyMatches = (): Error =>
  terminologyFault({
    code: 'too-costly',
    text: `There are more than ${mostMatches} translations. Name the ConceptMap by url, or the target.`,
  });

async function findMaps(scope: Scope, { conceptMap, url, version }: TranslateQuestion): Promise<readonly JsonObject[]> {
  if (conceptMap) return [conceptMap];
  const own = scope.ownResources('ConceptMap');
  if (url === undefined) {
    const entries = await scope.library.conceptMaps();
    const stored = await Promise.all(entries.map((entry) => scope.library.load(entry)));
    return [...own, ...stored.filter((map) => map !== undefined)];
  }
  const named = splitCanonical(url);
  const map = await scope.findConceptMap(named.url, version ?? named.version);
  if (map) return [map];
  throw terminologyFault({
    status: 404,
    code: 'not-found',
    text: `The ConceptMap ${joinCanonical(named.url, version ?? named.version)} is not known here. Store it first.`,
  });
}

function scopeOf(map: JsonObject, side: 'source' | 'target'): string | undefined {
  const names = [`${side}Uri`, `${side}Canonical`, `${side}ScopeUri`, `${side}ScopeCanonical`];
  return names.map((name) => textAt(map, name)).find((text) => text !== undefined);
}

function fitsScopes(map: JsonObject, { isReverse, sourceScope, targetScope }: TranslateQuestion): boolean {
  const [source, target] = isReverse ? [targetScope, sourceScope] : [sourceScope, targetScope];
  const fits = (wanted: string | undefined, actual: string | undefined) =>
    wanted === undefined || actual === undefined || splitCanonical(wanted).url === splitCanonical(actual).url;
  return fits(source, scopeOf(map, 'source')) && fits(target, scopeOf(map, 'target'));
}

const isSystem = (wanted: string | undefined, actual: string | undefined): boolean =>
  wanted === undefined || (actual !== undefined && splitCanonical(actual).url === wanted);

function codingOf(system: string | undefined, version: string | undefined, element: JsonObject): JsonObject {
  const [code, display] = [textAt(element, 'code'), textAt(element, 'display')];
  return {
    ...(system !== undefined && { system: splitCanonical(system).url }),
    ...(version !== undefined && { version }),
    ...(code !== undefined && { code }),
    ...(display !== undefined && { display }),
  };
}

function equivalenceOf(target: JsonObject): string {
  const relationship = textAt(target, 'relationship');
  return (
    textAt(target, 'equivalence') ??
    (relationship === undefined ? 'equivalent' : (equivalences.get(relationship) ?? relationship))
  );
}

const indexes = new WeakMap<JsonObject, Map<string, JsonObject[]>>();

/** Kept as long as the group is: a map may have a hundred thousand elements. */
function elementsByCode(group: JsonObject): Map<string, JsonObject[]> {
  const known = indexes.get(group);
  if (known) return known;
  const index = new Map<string, JsonObject[]>();
  for (const element of objectsAt(group, 'element')) {
    const code = textAt(element, 'code') ?? '';
    const same = index.get(code);
    if (same) same.push(element);
    else index.set(code, [element]);
  }
  indexes.set(group, index);
  return index;
}

function matchForwards(map: JsonObject, group: JsonObject, question: TranslateQuestion): Match[] {
  const target = textAt(group, 'target');
  if (!isSystem(question.system, textAt(group, 'source')) || !isSystem(question.otherSystem, target)) return [];
  const elements = elementsByCode(group).get(question.code) ?? [];
  const version = textAt(group, 'targetVersion');
  const found = elements.flatMap((element) =>
    objectsAt(element, 'target').map((one) => ({
      equivalence: equivalenceOf(one),
      concept: codingOf(target, version, one),
      map,
      source: undefined,
    })),
  );
  if (elements.length > 0) return found;
  return unmapped(map, group, question.code);
}

/** What a group says of codes that it does not name. */
function unmapped(map: JsonObject, group: JsonObject, code: string): Match[] {
  const rest = objectAt(group, 'unmapped');
  const mode = textAt(rest, 'mode');
  if (!rest || mode === 'other-map') return [];
  const target = textAt(group, 'target');
  const [same, version] = [mode === 'provided' || mode === 'use-source-code', textAt(group, 'targetVersion')];
  const equivalence = equivalenceOf({ equivalence: same ? 'equal' : 'inexact', ...rest });
  return [{ equivalence, concept: codingOf(target, version, same ? { code } : rest), map, source: undefined }];
}

function matchBackwards(map: JsonObject, group: JsonObject, question: TranslateQuestion): Match[] {
  const [source, target] = [textAt(group, 'source'), textAt(group, 'target')];
  if (!isSystem(question.system, target) || !isSystem(question.otherSystem, source)) return [];
  return objectsAt(group, 'element').flatMap((element) =>
    objectsAt(element, 'target')
      .filter((one) => textAt(one, 'code') === question.code)
      .map((one) => {
        const ofTarget = codingOf(target, textAt(group, 'targetVersion'), one);
        const ofSource = codingOf(source, textAt(group, 'sourceVersion'), element);
        const sides = question.givesSource
          ? { concept: ofSource, source: undefined }
          : { concept: ofTarget, source: ofSource };
        return { equivalence: equivalenceOf(one), map, ...sides };
      }),
  );
}

function printMatch({ equivalence, concept, map, source }: Match): JsonObject {
  const canonical = joinCanonical(textAt(map, 'url') ?? '', textAt(map, 'version'));
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      ...(textAt(concept, 'code') === undefined ? [] : [{ name: 'concept', valueCoding: concept }]),
      ...(source ? [{ name: 'source', valueCoding: source }] : []),
      ...(canonical === '' ? [] : [{ name: 'originMap', valueCanonical: canonical }]),
    ],
  };
}
