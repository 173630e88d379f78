import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Answer, Interaction } from '../answer.ts';
import { printBundle, printResponseEntry } from '../bundle.ts';
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
): Promise<Answer> {
  const bundle = parse();
  if (bundle.resourceType !== 'Bundle') {
    throw new Failure('invalid', 'Post a Bundle of type batch or transaction here, and other resources to their type.');
  }
  if (bundle.type === 'transaction') return transact(context, parsedFirst(bundle, parse), prefer, once);
  if (bundle.type === 'batch') return answerOnceAround(context, once, () => batch(context, bundle, prefer, once));
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
  prefer: Interaction['prefer'],
  once: Interaction['once'],
): Promise<Answer> {
  const entries: string[] = [];
  for (const [index, parse] of parseEntries(bundle).entries()) {
    entries.push(await performEntry(context, parse, { prefer, once: partOf(once, index) }));
  }
  return { status: 200, body: printBundle({ type: 'batch-response', entries }) };
}

async function performEntry(
  context: FhirContext,
  parse: () => BundleEntry,
  more: Pick<Interaction, 'prefer' | 'once'>,
): Promise<string> {
  try {
    const { interaction } = parse();
    return printResponseEntry(await perform(context, { ...interaction, ...more }));
  } catch (error) {
    const failure = toFailure(error);
    if (!failure) throw error;
    return printResponseEntry({ status: statusOf(failure) }, printOperationOutcome(failure.issues));
  }
}
