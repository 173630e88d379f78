import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { checkStructure } from '../../validation/index.ts';
import { propertyNames } from '../concept.ts';
import { objectAt, objectsAt, textAt } from '../element.ts';
import { flattenConcepts } from '../hierarchy.ts';
import { type LoadDependencies, loadCodeSystem, storeCanonical } from './load-code-system.ts';
import { propertyDefinitions, readConceptFile } from './read-concepts.ts';

/** What a CSV file does not say of its code system. */
export interface CodeSystemHeader {
  readonly url: string | undefined;
  readonly version: string | undefined;
  readonly name: string | undefined;
  readonly title: string | undefined;
  readonly language: string | undefined;
  readonly isCaseSensitive: boolean;
}

export interface LoadProgress {
  readonly phase: 'reading' | 'writing';
  readonly concepts: number;
  readonly total: number | undefined;
}

export interface LoadSummary {
  concepts: number;
  codeSystems: number;
  valueSets: number;
  conceptMaps: number;
}

/** A CodeSystem with more concepts is kept in the table, and its resource without them. */
const mostInResource = 5_000;
const longestJson = 400_000_000;

/** Loads code systems from CSV, and terminology resources from FHIR JSON (also Bundles) or NDJSON; gzipped or not. */
export async function loadFile(
  deps: LoadDependencies,
  path: string,
  header: CodeSystemHeader,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadSummary> {
  const summary: LoadSummary = { concepts: 0, codeSystems: 0, valueSets: 0, conceptMaps: 0 };
  const plain = path.replace(/\.gz$/, '');
  if (plain.endsWith('.csv')) await loadCsv(deps, path, header, onProgress, summary);
  else if (plain.endsWith('.ndjson')) await loadNdjson(deps, path, onProgress, summary);
  else if (plain.endsWith('.json')) await loadJson(deps, path, onProgress, summary);
  else
    throw new Failure('not-supported', `${path} ends neither in .csv nor in .json nor in .ndjson (or .gz of these).`);
  return summary;
}

async function openText(path: string): Promise<Readable> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Failure('not-found', `There is no file ${path}.`);
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) return file.setEncoding('utf8');
  const unzipped = file.pipe(createGunzip());
  file.on('error', (error) => unzipped.destroy(error));
  return unzipped.setEncoding('utf8');
}

async function loadCsv(
  deps: LoadDependencies,
  path: string,
  { url, version, name, title, language, isCaseSensitive }: CodeSystemHeader,
  onProgress: (progress: LoadProgress) => void,
  summary: LoadSummary,
): Promise<void> {
  if (url === undefined) throw new Failure('required', 'Name the code system of a CSV file by --url.');
  const loaded = await readConceptFile(await openText(path), (concepts) =>
    onProgress({ phase: 'reading', concepts, total: undefined }),
  );
  const total = loaded.sources.length;
  const property = propertyDefinitions(loaded);
  const resource: JsonObject = {
    resourceType: 'CodeSystem',
    ...(language !== undefined && { language }),
    url,
    ...(version !== undefined && { version }),
    name: name ?? nameFrom(url),
    ...(title !== undefined && { title }),
    status: 'active',
    caseSensitive: isCaseSensitive,
    hierarchyMeaning: 'is-a',
    content: 'complete',
    ...(property.length > 0 && { property }),
  };
  requireSound(resource);
  await loadCodeSystem(deps, resource, loaded.sources, (concepts) => onProgress({ phase: 'writing', concepts, total }));
  summary.concepts += total;
  summary.codeSystems++;
}

/** Letters and digits, as a name must be. */
const nameFrom = (url: string): string =>
  (url.split(/[/:#]/).filter(Boolean).at(-1) ?? 'CodeSystem').replace(/[^A-Za-z0-9]/g, '_').replace(/^([^A-Z])/, 'C$1');

async function loadNdjson(
  deps: LoadDependencies,
  path: string,
  onProgress: (progress: LoadProgress) => void,
  summary: LoadSummary,
): Promise<void> {
  let line = 0;
  for await (const text of createInterface({ input: await openText(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    await loadResources(deps, parse(text, `line ${line} of ${path}`), onProgress, summary);
  }
}

async function loadJson(
  deps: LoadDependencies,
  path: string,
  onProgress: (progress: LoadProgress) => void,
  summary: LoadSummary,
): Promise<void> {
  let text = '';
  for await (const chunk of await openText(path)) {
    text += chunk as string;
    if (text.length > longestJson)
      throw new Failure('too-long', `${path} is too large for one text; make it CSV or NDJSON.`);
  }
  await loadResources(deps, parse(text, path), onProgress, summary);
}

function parse(text: string, place: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    throw new Failure('structure', `${place} is not JSON: ${(error as Error).message}`);
  }
}

async function loadResources(
  deps: LoadDependencies,
  value: JsonValue,
  onProgress: (progress: LoadProgress) => void,
  summary: LoadSummary,
): Promise<void> {
  const resource = isJsonObject(value) ? value : {};
  if (resource.resourceType === 'Bundle') {
    for (const entry of objectsAt(resource, 'entry')) {
      const inner = objectAt(entry, 'resource');
      if (inner) await loadResources(deps, inner, onProgress, summary);
    }
    return;
  }
  await loadResource(deps, resource, onProgress, summary);
}

async function loadResource(
  deps: LoadDependencies,
  resource: JsonObject,
  onProgress: (progress: LoadProgress) => void,
  summary: LoadSummary,
): Promise<void> {
  const type = textAt(resource, 'resourceType') ?? 'a resource without a type';
  if (type !== 'CodeSystem' && type !== 'ValueSet' && type !== 'ConceptMap') {
    throw new Failure('invalid', `Only CodeSystem, ValueSet and ConceptMap are loaded here, not ${type}. Use import.`);
  }
  requireSound(resource);
  const sources = type === 'CodeSystem' ? flattenConcepts(resource, propertyNames(resource)) : [];
  if (type === 'CodeSystem') summary.codeSystems++;
  else if (type === 'ValueSet') summary.valueSets++;
  else summary.conceptMaps++;
  summary.concepts += sources.length;
  if (sources.length <= mostInResource) {
    await inTransaction(deps.pool, (transaction) => storeCanonical(deps, transaction, resource));
    return;
  }
  const { concept: _, ...rest } = resource;
  const total = sources.length;
  await loadCodeSystem(deps, rest, sources, (concepts) => onProgress({ phase: 'writing', concepts, total }));
}

function requireSound(resource: JsonObject): void {
  const issues = checkStructure(resource).filter(({ severity }) => severity === 'error' || severity === 'fatal');
  const [first] = issues;
  if (!first) return;
  const name = `${resource.resourceType} ${textAt(resource, 'url') ?? ''}`;
  throw new Failure(first.code, `${name} is not right at ${first.expression ?? ''}: ${first.diagnostics}`);
}
