import { Failure } from '#lib/failure.ts';
import { inParameter, type Operation, outParameter } from '../operation.ts';
import { readOperationInput } from '../operation-input.ts';

const defaultCount = 50;
const greatestCount = 500;

/** What is referred to and is not there: the report of a server that accepts such references. */
export const danglingReferences: Operation = {
  name: 'dangling-references',
  levels: ['system'],
  affectsState: false,
  needsRight: true,
  title: 'References to what is not there',
  documentation:
    'Lists resources that others refer to although they were deleted or never written. Only references that a search parameter indexes are known. A page may hold fewer than `_count`: go on as long as `next` is given.',
  parameters: [
    inParameter(
      '_count',
      'integer',
      `How many absent resources to look at; ${defaultCount} when absent, ${greatestCount} at most.`,
    ),
    inParameter('after', 'string', 'From `next` of the page before.'),
    outParameter(
      'dangling',
      undefined,
      'Parts: `target` (uri, `Patient/1`), `absence` (code: never-written, deleted), `source` (uri, what refers to it; 20 at most), `hasMore` (boolean: more refer to it).',
      { max: '*' },
    ),
    outParameter('next', 'uri', 'Address of the next page.'),
  ],
  run: async ({ pool, store, baseUrl }, request) => {
    const input = readOperationInput(request);
    const count = Math.min(Math.max(input.integer('_count') ?? defaultCount, 1), greatestCount);
    const { targets, next } = await store.findDangling(pool, parseAfter(input.text('after')), count);
    const dangling = targets.map(({ name, absence, sources, hasMore }) => ({
      name: 'dangling',
      part: [
        { name: 'target', valueUri: name },
        { name: 'absence', valueCode: absence },
        ...sources.map((source) => ({ name: 'source', valueUri: source })),
        { name: 'hasMore', valueBoolean: hasMore },
      ],
    }));
    const address = `${baseUrl}/$dangling-references?_count=${count}&after=${next}`;
    const parameter = [...dangling, ...(next === undefined ? [] : [{ name: 'next', valueUri: address }])];
    return {
      status: 200,
      body: JSON.stringify({ resourceType: 'Parameters', ...(parameter.length > 0 && { parameter }) }),
    };
  },
};

function parseAfter(text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,14}$/.test(text)) return Number(text);
  throw new Failure('value', 'The parameter after must come from the address of the next page.');
}
