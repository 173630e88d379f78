import { Failure } from '#lib/failure.ts';
import { restrictionOf } from '../../access/index.ts';
import { type CompartmentName, isResourceType, resourceTypeOfNumber } from '../../definitions/index.ts';
import { searchDateBounds } from '../../indexing/index.ts';
import { method, type StoredRow } from '../../store/index.ts';
import type { Answer } from '../answer.ts';
import { type BundleLink, printBundle, printSearchEntry } from '../bundle.ts';
import type { FhirContext } from '../context.ts';
import { noteLook } from '../looks.ts';
import {
  inParameter,
  type Operation,
  type OperationParameter,
  type OperationRequest,
  outParameter,
} from '../operation.ts';
import { type OperationInput, readOperationInput } from '../operation-input.ts';
import { requireId } from '../require.ts';
import { type EverythingFilter, type Position, phase, type Walked, walkAllSeeds, walkSeed } from './walk-everything.ts';

const greatestCount = 1000;
const defaultCountOfAll = 100;
const chunkRows = 500;

const known = ['_since', '_type', '_count', '_cursor', '_format', '_pretty', 'start', 'end'];

interface EverythingRequest {
  filter: EverythingFilter;
  count: number | undefined;
  from: Position | undefined;
}

/** All of a patient or an encounter: a page under _count, or else as a stream, however much there is. */
async function everything(context: FhirContext, request: OperationRequest): Promise<Answer> {
  const compartment = request.type as CompartmentName;
  const input = readOperationInput(request);
  const { filter, count, from } = parseInput(input);
  const restriction = restrictionOf(context.access, 'search');
  const readable = (rows: readonly { rid: number; type: number }[]) =>
    context.search.readable(
      context.pool,
      restriction,
      rows.map(({ rid, type }) => ({ rid, type: resourceTypeOfNumber(type) ?? '' })),
    );
  const scope = { connection: context.pool, compartment, filter, readable, chunkRows };
  if (request.id === undefined) {
    return printPage(context, request, input, walkAllSeeds(scope, from), count ?? defaultCountOfAll);
  }
  const seed = await readSeed(context, compartment, requireId(request));
  await noteLook(context, '$everything', [{ ...seed, type: compartment, content: seed.content ?? '' }]);
  if (from && from.seed !== seed.rid) throw new Failure('value', 'The _cursor is of another resource.');
  const walk = walkSeed(count === undefined ? scope : { ...scope, chunkRows: Math.max(count + 1, 100) }, seed, from);
  if (count !== undefined) return printPage(context, request, input, walk, count);
  return { status: 200, body: printAll(context, request, walk) };
}

async function readSeed({ store, pool }: FhirContext, type: string, id: string): Promise<StoredRow> {
  const row = await store.read(pool, type, await store.survivorOf(pool, type, id));
  if (!row) throw new Failure('not-found', `There is no ${type}/${id}.`);
  if (row.method === method.delete) throw new Failure('deleted', `${type}/${id} was deleted.`);
  return row;
}

function parseInput(input: OperationInput): EverythingRequest {
  const unknown = input.names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Failure('value', `$everything knows ${known.join(', ')}, not ${unknown.slice(0, 64)}.`);
  }
  const count = input.integer('_count');
  if (count === 0) throw new Failure('value', '_count must be at least 1; leave it out for all at once.');
  return {
    filter: { since: parseSince(input), care: parseCare(input), types: parseTypes(input) },
    count: count === undefined ? undefined : Math.min(count, greatestCount),
    from: parseCursor(input.text('_cursor')),
  };
}

function parseSince(input: OperationInput): number | undefined {
  const since = input.text('_since');
  return since === undefined ? undefined : Math.ceil(searchDateBounds(since).low);
}

function parseCare(input: OperationInput): EverythingFilter['care'] {
  const start = input.text('start');
  const end = input.text('end');
  if (start === undefined && end === undefined) return undefined;
  return {
    start: start === undefined ? Number.MIN_SAFE_INTEGER : Math.floor(searchDateBounds(start).low),
    end: end === undefined ? Number.MAX_SAFE_INTEGER : Math.ceil(searchDateBounds(end).high),
  };
}

function parseTypes(input: OperationInput): ReadonlySet<string> | undefined {
  const types = input.texts('_type').flatMap((text) => text.split(',').map((type) => type.trim()));
  if (types.length === 0) return undefined;
  const wrong = types.find((type): boolean => !isResourceType(type));
  if (wrong !== undefined) {
    throw new Failure('value', `_type names resource types; "${wrong.slice(0, 64)}" is none of FHIR R4.`);
  }
  return new Set(types);
}

function parseCursor(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{1,16})-([012])-(\d{1,16})$/.exec(text);
  if (!match) throw new Failure('value', '_cursor must come from the link of an earlier page.');
  return { seed: Number(match[1]), phase: Number(match[2]), rid: Number(match[3]) };
}

const printEntry = ({ baseUrl }: FhirContext, { position, row }: Walked): string =>
  printSearchEntry(
    `${baseUrl}/${resourceTypeOfNumber(row.type)}/${row.id}`,
    row.content,
    position.phase === phase.supporting ? 'include' : 'match',
  );

/** One page, and a link to the next if there is anything on it. */
async function printPage(
  context: FhirContext,
  request: OperationRequest,
  input: OperationInput,
  walk: AsyncGenerator<Walked>,
  count: number,
): Promise<Answer> {
  const entries = new Map<number, string>();
  const seeds: Parameters<typeof noteLook>[2][number][] = [];
  let last: Position | undefined;
  let next: Position | undefined;
  for await (const walked of walk) {
    const { rid } = walked.row;
    // Several patients may share one resource; it stands once on a page.
    if (!entries.has(rid)) {
      if (entries.size === count) {
        next = last;
        break;
      }
      entries.set(rid, printEntry(context, walked));
      if (walked.position.phase === phase.seed) seeds.push({ ...walked.row, type: request.type ?? '' });
    }
    last = walked.position;
  }
  if (request.id === undefined) await noteLook(context, '$everything', seeds);
  const links = printLinks(context, request, input, next);
  return { status: 200, body: printBundle({ type: 'searchset', links, entries: [...entries.values()] }) };
}

function printLinks(
  { baseUrl }: FhirContext,
  { type, id }: OperationRequest,
  input: OperationInput,
  next: Position | undefined,
): BundleLink[] {
  const parameters = new URLSearchParams(
    known.flatMap((name) => input.texts(name).map((value): [string, string] => [name, value])),
  );
  const address = `${baseUrl}/${id === undefined ? type : `${type}/${id}`}/$everything`;
  const self: BundleLink = { relation: 'self', url: parameters.size > 0 ? `${address}?${parameters}` : address };
  if (!next) return [self];
  parameters.set('_cursor', `${next.seed}-${next.phase}-${next.rid}`);
  return [self, { relation: 'next', url: `${address}?${parameters}` }];
}

const pieceLength = 64 * 1024;

/** The whole Bundle in pieces, as fast as the client takes them; the total stands at its end. */
async function* printAll(
  context: FhirContext,
  request: OperationRequest,
  walk: AsyncGenerator<Walked>,
): AsyncGenerator<string> {
  const links = printLinks(context, request, readOperationInput(request), undefined);
  let piece = `{"resourceType":"Bundle","type":"searchset","link":${JSON.stringify(links)}`;
  let total = 0;
  let matches = 0;
  for await (const walked of walk) {
    piece += `${total === 0 ? ',"entry":[' : ','}${printEntry(context, walked)}`;
    total++;
    if (walked.position.phase !== phase.supporting) matches++;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}${total === 0 ? '' : ']'},"total":${matches}}`;
}

const result = outParameter(
  'return',
  'Bundle',
  'A Bundle of type searchset: what belongs to it are matches, what that refers to is included.',
  { min: 1 },
);

const shared: readonly OperationParameter[] = [
  inParameter('_since', 'instant', 'Only versions written since this instant; the resource itself always.'),
  inParameter('_type', 'code', 'Resource types, separated by commas; all when absent.', { max: '*' }),
  inParameter('_count', 'integer', `Entries of a page, at most ${greatestCount}; without it, all at once.`),
];

const care: readonly OperationParameter[] = [
  inParameter('start', 'date', 'Only care on or after this date; what has no date of care is there always.'),
  inParameter('end', 'date', 'Only care on or before this date; what has no date of care is there always.'),
];

const support = 'with what all that refers to: practitioners, organizations, locations, medications and the like.';

export const everythingOperations: readonly Operation[] = [
  {
    name: 'everything',
    levels: ['type', 'instance'],
    types: ['Patient'],
    affectsState: false,
    title: 'Everything of a patient',
    documentation: `The patient and all that is in the patient's compartment, ${support} At the type it goes through all patients, page by page.`,
    definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
    parameters: [...care, ...shared, result],
    run: everything,
  },
  {
    name: 'everything',
    levels: ['instance'],
    types: ['Encounter'],
    affectsState: false,
    title: 'Everything of an encounter',
    documentation: `The encounter, what it refers to, and all that refers to it as its encounter, ${support}`,
    definition: 'http://hl7.org/fhir/OperationDefinition/Encounter-everything',
    parameters: [...care, ...shared, result],
    run: everything,
  },
];
