import { createBreath } from '#lib/breath.ts';
import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import type { Once } from '../../idempotency/index.ts';
import type { Answer, Preferences } from '../answer.ts';
import { mostAnswered, printBundle, printResponseEntry } from '../bundle.ts';
import { lockConditionsOf } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import type { BundleEntry } from '../entries.ts';
import { inTransactionOnce } from '../once.ts';
import { answerStep } from '../transaction/answer-step.ts';
import { checkEntries } from '../transaction/check-entries.ts';
import {
  conditionOf,
  decideDeletions,
  decideOthers,
  refuseOverlaps,
  refuseSharedConditions,
} from '../transaction/decide.ts';
import { resolveReferences } from '../transaction/resolve-references.ts';
import type { Outcomes, Step } from '../transaction/step.ts';

/**
 * A transaction is written as a whole or not at all: every entry is checked first, conditions are decided under locks,
 * references between entries are resolved, then all versions go to the store at once.
 * https://hl7.org/fhir/R4/http.html#trules
 */
export async function transact(
  context: FhirContext,
  parse: () => JsonObject,
  prefer: Preferences,
  once: Once | undefined,
): Promise<Answer> {
  let entries: BundleEntry[] | undefined = await checkEntries(context.validator, parse());
  return inTransactionOnce(context, once, async (transaction) => {
    // An attempt rewrites references in place, so that another one starts from the text again.
    const fresh = entries ?? (await checkEntries(context.validator, parse()));
    entries = undefined;
    return { status: 200, body: await run(context, transaction, fresh, prefer) };
  });
}

async function run(
  context: FhirContext,
  transaction: Transaction,
  entries: readonly BundleEntry[],
  prefer: Preferences,
): Promise<string> {
  refuseSharedConditions(entries);
  await lockConditionsOf(
    transaction,
    entries.flatMap((entry) => conditionOf(entry) ?? []),
  );
  const outcomes: Outcomes = new Map();
  const isDeletion = ({ interaction }: BundleEntry) => interaction.method === 'DELETE';
  const deletions = await decideDeletions(context, transaction, entries.filter(isDeletion));
  // What is deleted meets no condition any more, so that deletions come first. Without conditions nobody can tell, and
  // all locks are taken at once.
  const areFirst = deletions.length > 0 && entries.some((entry) => !isDeletion(entry) && conditionOf(entry));
  if (areFirst) await write(context, transaction, deletions, outcomes);
  const others = await decideOthers(
    context,
    transaction,
    entries.filter((entry) => !isDeletion(entry)),
  );
  const steps = [...deletions, ...others];
  refuseOverlaps(steps);
  await resolveReferences(context, transaction, others);
  await write(context, transaction, areFirst ? others : steps, outcomes);
  const printed: string[] = [];
  let answered = 0;
  const breathe = createBreath();
  for (const step of steps.sort((left, right) => left.entry.index - right.entry.index)) {
    const entry = printResponseEntry(await answerStep(context, transaction, step, outcomes, prefer));
    answered += entry.length;
    if (answered > mostAnswered) {
      throw new Failure(
        'too-costly',
        'The answer would have more than 64 MB. Read in other requests, or in smaller pages.',
      );
    }
    printed.push(entry);
    await breathe();
  }
  return printBundle({ type: 'transaction-response', entries: printed });
}

async function write(
  { store }: FhirContext,
  transaction: Transaction,
  steps: readonly Step[],
  outcomes: Outcomes,
): Promise<void> {
  const changes = steps.flatMap((step) => step.changes);
  const written = await store.write(transaction, changes);
  for (const [index, change] of changes.entries()) {
    const outcome = written[index];
    if (outcome) outcomes.set(change, outcome);
  }
}
