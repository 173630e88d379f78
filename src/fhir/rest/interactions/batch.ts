import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Answer, Interaction } from '../answer.ts';
import { mostAnswered, printBundle, printResponseEntry } from '../bundle.ts';
import type { FhirContext } from '../context.ts';
import { type BundleEntry, parseEntries } from '../entries.ts';
import { answerOnceAround, partOf } from '../once.ts';
import { printOperationOutcome, statusOf, toFailure } from '../operation-outcome.ts';
import { perform } from '../perform.ts';
import { transact } from './transaction.ts';

/** https://hl7.org/fhir/R4/http.html#transaction: a batch or transaction Bundle posted to the base. */
export async function postBundle(
  context: FhirContext,
  parse: () => JsonObject,
  prefer: Interaction['prefer'],
  once: Interaction['once'],
  signal?: AbortSignal,
): Promise<Answer> {
  const bundle = parse();
  if (bundle.resourceType !== 'Bundle') {
    throw new Failure('invalid', 'Post a Bundle of type batch or transaction here, and other resources to their type.');
  }
  if (bundle.type === 'transaction') return transact(context, parsedFirst(bundle, parse), prefer, once);
  if (bundle.type === 'batch')
    return answerOnceAround(context, once, () => batch(context, bundle, { prefer, once, signal }));
  throw new Failure('value', 'The Bundle must be of type batch or transaction.');
}

/** The parsed Bundle the first time, and parsed anew each time after. */
function parsedFirst(bundle: JsonObject, parse: () => JsonObject): () => JsonObject {
  let first: JsonObject | undefined = bundle;
  return () => {
    const result = first ?? parse();
    first = undefined;
    return result;
  };
}

/** Entries are independent of each other: one that fails says so in its place. */
async function batch(
  context: FhirContext,
  bundle: JsonObject,
  { prefer, once, signal }: Pick<Interaction, 'prefer' | 'once'> & { signal: AbortSignal | undefined },
): Promise<Answer> {
  const entries: string[] = [];
  let answered = 0;
  const parsed = parseEntries(bundle).map((parse, index) => ({
    entry: attempt(parse),
    more: { prefer, once: partOf(once, index) },
  }));
  // Where references are checked, an entry may refer to what one before it writes.
  const runs = context.writes.references === 'reject' ? parsed.map((part) => [part]) : runsOf(parsed);
  for (const run of runs) {
    signal?.throwIfAborted();
    const isFull = answered > mostAnswered;
    const settled = await Promise.allSettled(
      run.map(({ entry, more }) => performEntry(context, isFull ? refuseRead(entry) : entry, more)),
    );
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason;
      entries.push(result.value);
      answered += result.value.length;
    }
  }
  return { status: 200, body: printBundle({ type: 'batch-response', entries }) };
}

/** Writes go on; what they answer is little. */
function refuseRead(entry: Parsed): Parsed {
  if (entry instanceof Failure) return entry;
  const { method, operation, id } = entry.interaction;
  const isWrite = operation === undefined && id !== '_search' && method !== 'GET' && method !== 'HEAD';
  if (isWrite) return entry;
  return new Failure('too-costly', 'The answers before this one fill the Bundle. Send this request in another batch.');
}

type Parsed = BundleEntry | Failure;

interface Part {
  entry: Parsed;
  more: Pick<Interaction, 'prefer' | 'once'>;
}

function attempt(parse: () => BundleEntry): Parsed {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

const longestRun = 100;

/**
 * Entries in their order; those that follow each other, write different resources and need no look-up are committed
 * together, as the store gathers them. A read sees what stands before it.
 */
function runsOf(parts: readonly Part[]): Part[][] {
  const runs: Part[][] = [];
  let names = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const name = gatheredName(part, index);
    const last = runs.at(-1);
    const isTogether = name !== undefined && names.size > 0 && names.size < longestRun && !names.has(name);
    if (last && isTogether) last.push(part);
    else {
      runs.push([part]);
      names = new Set();
    }
    if (name !== undefined) names.add(name);
  }
  return runs;
}

/** What a write is to, when it needs nothing but a place in the next batch of the store. */
function gatheredName({ entry, more }: Part, index: number): string | undefined {
  if (entry instanceof Failure || more.once !== undefined) return undefined;
  const { method, type, id, operation, ifNoneExist } = entry.interaction;
  if (operation !== undefined) return undefined;
  if (method === 'POST') return id === undefined && ifNoneExist === undefined ? `entry ${index}` : undefined;
  return (method === 'PUT' || method === 'DELETE') && id !== undefined ? `${type}/${id}` : undefined;
}

async function performEntry(context: FhirContext, entry: Parsed, more: Part['more']): Promise<string> {
  try {
    if (entry instanceof Failure) throw entry;
    return printResponseEntry(await perform(context, { ...entry.interaction, ...more }));
  } catch (error) {
    const failure = toFailure(error);
    if (!failure) throw error;
    return printResponseEntry({ status: statusOf(failure) }, printOperationOutcome(failure.issues));
  }
}
