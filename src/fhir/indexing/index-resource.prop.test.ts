import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import fhirpath from 'fhirpath';
import model from 'fhirpath/fhir-context/r4/index.js';
import { describe, expect, inject, it } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { naiveIndexRows, naivePartRows } from '#testing/naive-index-rows.ts';
import { createRandom, randomResource } from '#testing/random-resource.ts';
import { combinations, RecordingSink } from '#testing/recording-sink.ts';
import { resourceTypes, searchParameters } from '../definitions/index.ts';
import { indexResource, type SearchBranch, type SearchParameterPlan, searchParametersOf } from './index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    isAllData: boolean;
  }
}

/** Where extractor and FHIRPath differ, by parameter, with the reason. This list may only shrink. */
const explained: Readonly<Record<string, string>> = {};

const shared = new URL('../../../../shared/data/', import.meta.url);
const examplesFile = new URL('fhir-r4-examples/examples.ndjson.gz', shared);
const syntheaFiles = [0, 1, 2, 3, 4, 5].map(
  (number) => new URL(`synthea-r4/smart-2019-2021/bundles-${number}.ndjson.gz`, shared),
);

/**
 * R4 writes `as` where it means ofType: since then FHIRPath allows `as` one item only. And without other resources at
 * hand, the type of a target is what the text of the reference says.
 */
const asEvaluable = (expression: string) =>
  expression
    .replace(/ as (\w+)\)/g, '.ofType($1))')
    .replace(/\.as\(/g, '.ofType(')
    .replace(/resolve\(\) is (\w+)/g, "reference.matches('(^|/)$1/[^/]+(/_history/.+)?$$')");

type Evaluate = (resource: JsonObject) => unknown[];
const compiled = new Map<string, Evaluate>();

/** Branch by branch: the union of FHIRPath compares all with all, and fails on quantities that have a comparator. */
function compileParameter({ url }: SearchParameterPlan): Evaluate {
  const known = compiled.get(url);
  if (known !== undefined) return known;
  const { expression = '' } = searchParameters.find((parameter) => parameter.url === url) ?? {};
  const branches = asEvaluable(expression)
    .split(' | ')
    .map((branch) => fhirpath.compile(branch, model, { resolveInternalTypes: false }) as Evaluate);
  const evaluate: Evaluate = (resource) => branches.flatMap((branch) => branch(resource));
  compiled.set(url, evaluate);
  return evaluate;
}

type EvaluateBelow = (node: unknown, environment: { resource: JsonObject }) => unknown[];
const compiledBelow = new Map<string, EvaluateBelow>();

/** Evaluates an expression below an element: a path and the union of paths. */
function evaluateBelow(resource: JsonObject, node: unknown, base: string, expression: string): unknown[] {
  const name = `${base} ${expression}`;
  let evaluate = compiledBelow.get(name);
  if (!evaluate) {
    const path = base.includes('.') ? { base, expression: asEvaluable(expression) } : asEvaluable(expression);
    evaluate = fhirpath.compile(path as string, model, { resolveInternalTypes: false }) as unknown as EvaluateBelow;
    compiledBelow.set(name, evaluate);
  }
  return evaluate(node, { resource });
}

/** What stands together in each element of a composite. */
function compositeRows(resource: JsonObject, { branches, components = [] }: SearchParameterPlan): string[] {
  return branches.flatMap(({ expression }) => {
    const base = expression.slice(0, expression.indexOf(' {'));
    const nodes = base.includes('.') ? (fhirpath.evaluate(resource, base, undefined, model) as unknown[]) : [resource];
    return nodes.flatMap((node) => {
      const parts = components.map(({ expression: below, type }) => {
        const found = below.split(' | ').flatMap((part) => evaluateBelow(resource, node, base, part));
        return naivePartRows(found, type);
      });
      return parts.some((part) => part.length === 0) ? [] : combinations(parts).map((row) => `composite ${row}`);
    });
  });
}

const pointsTo = (row: string, targets: readonly string[]) =>
  targets.some((type) => new RegExp(`(^reference |/)${type}/[^/]+(/_history/.+)?$`).test(row));

function branchRows(sink: RecordingSink, { path, ofTypePath, identifierPath, targets }: SearchBranch): string[] {
  const rows = sink.rows.get(path) ?? [];
  // The type of a target that is only known by an identifier cannot be told.
  if (targets) return rows.filter((row) => pointsTo(row, targets));
  const renamed = (sibling: number | undefined, name: string) =>
    (sink.rows.get(sibling ?? 0) ?? []).map((row) => row.replace('identifier', name));
  return [...rows, ...renamed(ofTypePath, 'of-type'), ...renamed(identifierPath, 'logical')];
}

interface Difference {
  parameter: string;
  resource: string;
  extractor: string[];
  fhirpath: string[];
}

const unique = (rows: string[]) => [...new Set(rows)].sort();

function compareParameter(
  resource: JsonObject,
  sink: RecordingSink,
  plan: SearchParameterPlan,
): Difference | undefined {
  const extracted = unique(plan.branches.flatMap((branch) => branchRows(sink, branch)));
  const found =
    plan.type === 'composite'
      ? compositeRows(resource, plan)
      : compileParameter(plan)(resource).flatMap((node) => naiveIndexRows(node, plan.type));
  const isTargeted = plan.branches.some(({ targets }) => targets);
  const evaluated = unique(isTargeted ? found.filter((row) => !row.startsWith('logical')) : found);
  if (JSON.stringify(extracted) === JSON.stringify(evaluated)) return undefined;
  const parameter = `${plan.resourceType}.${plan.code}`;
  return { parameter, resource: `${resource.resourceType}/${resource.id}`, extractor: extracted, fhirpath: evaluated };
}

/** Rows that no parameter accounts for would be an error too: every path must belong to a plan. */
function unaccounted(sink: RecordingSink, plans: readonly SearchParameterPlan[]): number[] {
  const known = new Set(
    plans.flatMap(({ branches }) => branches).flatMap((b) => [b.path, b.ofTypePath, b.identifierPath]),
  );
  return [...sink.rows.keys()].filter((path) => !known.has(path));
}

async function* readLines(file: URL): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) }))
    if (line) yield line;
}

/** References inside a Synthea bundle as they are once stored: `Patient/1` for `urn:uuid:1`. */
async function* readSynthea(file: URL): AsyncGenerator<JsonObject> {
  for await (const line of readLines(file)) {
    const { entry } = JSON.parse(line) as { entry: { fullUrl: string; resource: JsonObject }[] };
    const names = new Map(entry.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]));
    const resolve = (name: string, value: unknown) =>
      name === 'reference' && typeof value === 'string' ? (names.get(value) ?? value) : value;
    for (const { resource } of entry) yield JSON.parse(JSON.stringify(resource), resolve);
  }
}

/** What differs in a resource, and how many values were compared. */
function compare(resource: JsonObject): { differences: Difference[]; rows: number } {
  const sink = new RecordingSink();
  indexResource(resource, sink);
  const plans = searchParametersOf(resource.resourceType as string).filter(
    ({ indexed, special }) => indexed && !special,
  );
  expect(unaccounted(sink, plans)).toEqual([]);
  const differences = plans.flatMap((plan) => compareParameter(resource, sink, plan) ?? []);
  return { differences, rows: [...sink.rows.values()].flat().length };
}

function expectExplained(differences: readonly Difference[]): void {
  expect(differences.filter(({ parameter }) => !(parameter in explained)).slice(0, 5)).toEqual([]);
}

/** Parameters for which no resource had a value would not have been compared. */
function valuesFound(resource: JsonObject): string[] {
  const sink = new RecordingSink();
  indexResource(resource, sink);
  return searchParametersOf(resource.resourceType as string)
    .filter(({ branches }) => branches.some(({ path }) => sink.rows.has(path)))
    .map(({ code }) => `${resource.resourceType}.${code}`);
}

const isAllData = inject('isAllData');
const seed = 20_261_125;

/** Every resource, or by seed about one in forty. */
function isChosen(index: number): boolean {
  return isAllData || (Math.imul(index ^ seed, 0x9e3779b1) >>> 0) % 40 === 0;
}

describe('what an extractor takes is what FHIRPath finds in random resources', () => {
  it(`of every type, for every parameter (seed ${seed})`, { timeout: 900_000 }, () => {
    const random = createRandom(seed);
    const found = new Set<string>();
    const differences: Difference[] = [];
    for (const resourceType of resourceTypes) {
      for (let count = isAllData ? 1_000 : 100; count > 0; count -= 1) {
        const resource = randomResource(resourceType, random);
        differences.push(...compare(resource).differences);
        for (const name of valuesFound(resource)) found.add(name);
      }
    }
    expectExplained(differences);
    const unused = Object.keys(explained).filter((name) => !differences.some(({ parameter }) => parameter === name));
    expect(unused, 'no longer differ: take them off the list').toEqual([]);
    const indexed = resourceTypes.flatMap(searchParametersOf).filter((plan) => plan.indexed && !plan.special);
    expect(indexed.map((plan) => `${plan.resourceType}.${plan.code}`).filter((name) => !found.has(name))).toEqual([]);
  });
});

const hasData = existsSync(examplesFile) && existsSync(syntheaFiles[0] as URL);
if (!hasData) process.stderr.write('Skipped: the extractors are not compared, ../shared/data is not there\n');

describe.skipIf(!hasData)('what an extractor takes is what FHIRPath finds', () => {
  it('in all official examples', { timeout: 120_000 }, async () => {
    const differences: Difference[] = [];
    let rows = 0;
    for await (const line of readLines(examplesFile)) {
      const result = compare(JSON.parse(line) as JsonObject);
      differences.push(...result.differences);
      rows += result.rows;
    }
    expectExplained(differences);
    expect(rows).toBeGreaterThan(5_000);
  });

  it(`in resources of Synthea (seed ${seed})`, { timeout: isAllData ? 3_600_000 : 120_000 }, async () => {
    const differences: Difference[] = [];
    let [index, compared] = [0, 0];
    for (const file of isAllData ? syntheaFiles : [syntheaFiles[seed % 6] as URL]) {
      for await (const resource of readSynthea(file)) {
        index += 1;
        if (!isChosen(index)) continue;
        compared += 1;
        differences.push(...compare(resource).differences);
      }
    }
    expectExplained(differences);
    expect(compared).toBeGreaterThan(500);
  });
});
