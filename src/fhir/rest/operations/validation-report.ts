import { Failure } from '#lib/failure.ts';
import { resourceTypeOfNumber } from '../../definitions/index.ts';
import { nameOf, ridRange } from '../../store/index.ts';
import { selectReported } from '../../validation/index.ts';
import type { Answer } from '../answer.ts';
import type { FhirContext } from '../context.ts';
import { inParameter, type Operation, type OperationRequest, outParameter } from '../operation.ts';
import { readOperationInput } from '../operation-input.ts';
import { printOperationOutcome } from '../operation-outcome.ts';
import { requireId, requireType } from '../require.ts';

const defaultCount = 50;
const greatestCount = 500;

/** What a lenient policy let in: the report that makes leniency visible. */
export const validationReport: Operation = {
  name: 'validation-report',
  levels: ['system', 'type', 'instance'],
  affectsState: false,
  needsRight: ({ id }) => id === undefined,
  title: 'Resources that were stored in spite of their faults',
  documentation:
    'Lists versions in which validation found errors and which a lenient policy let in, each with its OperationOutcome, in the order in which their resources were first written. A page may be full or the last: go on as long as `next` is given.',
  parameters: [
    inParameter(
      '_count',
      'integer',
      `How many versions a page has; ${defaultCount} when absent, ${greatestCount} at most.`,
    ),
    inParameter('superseded', 'boolean', 'Also versions that were replaced or deleted since.'),
    inParameter('after', 'string', 'From `next` of the page before.'),
    outParameter(
      'version',
      undefined,
      'Parts: `resource` (uri, `Patient/1/_history/2`), `outcome` (OperationOutcome with the errors that were found).',
      { max: '*' },
    ),
    outParameter('next', 'uri', 'Address of the next page.'),
  ],
  run: report,
};

async function report(context: FhirContext, request: OperationRequest): Promise<Answer> {
  const { pool, baseUrl } = context;
  const input = readOperationInput(request);
  const count = Math.min(Math.max(input.integer('_count') ?? defaultCount, 1), greatestCount);
  const superseded = input.boolean('superseded') ?? false;
  const rows = await selectReported(pool, {
    ...(await rangeOf(context, request)),
    after: parseAfter(input.text('after')),
    onlyCurrent: !superseded,
    limit: count + 1,
  });
  const page = rows.slice(0, count);
  const printed = page.map(({ type, id, version, issues }) => {
    const name = `${nameOf(resourceTypeOfNumber(type) ?? '', id)}/_history/${version}`;
    const outcome = `{"name":"outcome","resource":${printOperationOutcome(issues)}}`;
    return `{"name":"version","part":[${JSON.stringify({ name: 'resource', valueUri: name })},${outcome}]}`;
  });
  const last = page.at(-1);
  if (rows.length > count && last) {
    const address = [baseUrl, request.type, request.id, '$validation-report']
      .filter((part) => part !== undefined)
      .join('/');
    const query = `_count=${count}${superseded ? '&superseded=true' : ''}&after=${last.rid}.${last.version}`;
    printed.push(JSON.stringify({ name: 'next', valueUri: `${address}?${query}` }));
  }
  const parameter = printed.length > 0 ? `,"parameter":[${printed.join(',')}]` : '';
  return { status: 200, body: `{"resourceType":"Parameters"${parameter}}` };
}

/** The numbers of the resources that the address is about. */
async function rangeOf(
  { pool, store }: FhirContext,
  request: OperationRequest,
): Promise<{ first: number; last: number }> {
  if (request.type === undefined) return { first: 0, last: Number.MAX_SAFE_INTEGER };
  const type = requireType(request);
  if (request.id === undefined) return ridRange(type);
  const row = await store.read(pool, type, requireId(request));
  if (!row) throw new Failure('not-found', `There is no ${type}/${request.id}.`);
  return { first: row.rid, last: row.rid };
}

function parseAfter(text: string | undefined): { rid: number; version: number } {
  if (text === undefined) return { rid: 0, version: 0 };
  const [, rid, version] = /^(\d{1,15})\.(\d{1,9})$/.exec(text) ?? [];
  if (rid === undefined) throw new Failure('value', 'The parameter after must come from the address of the next page.');
  return { rid: Number(rid), version: Number(version) };
}
