import type { Transaction } from '#lib/postgres/pool.ts';
import { type Answer, answerOutcome, type Preferences } from '../answer.ts';
import { answerWritten } from '../answer-written.ts';
import type { FhirContext } from '../context.ts';
import { answerFound } from '../interactions/create.ts';
import { history } from '../interactions/history.ts';
import { read, vread } from '../interactions/read.ts';
import { search } from '../interactions/search.ts';
import { idOf, type Outcomes, type Step } from './step.ts';

/** What the entry of the response says; reads are done here, after all writes. */
export async function answerStep(
  context: FhirContext,
  transaction: Transaction,
  step: Step,
  outcomes: Outcomes,
  prefer: Preferences,
): Promise<Answer> {
  const { interaction } = step.entry;
  const [change] = step.changes;
  const outcome = change && outcomes.get(change);
  if (interaction.method === 'DELETE') {
    return { status: 204, version: step.changes.length === 1 ? outcome?.version || undefined : undefined };
  }
  if (change && outcome) {
    return answerWritten(context, transaction, outcome, prefer);
  }
  if (step.found) return answerFoundStep(context, transaction, step, outcomes, prefer);
  const inside = { ...context, pool: transaction };
  const { type, id, version } = interaction;
  if (type === '_history' && id === undefined) return history(inside, { ...interaction, type: undefined });
  if (id === '_history') return history(inside, { ...interaction, id: undefined });
  if (version === '') return history(inside, interaction);
  if (version) return vread(inside, interaction);
  if (id !== undefined) return read(inside, interaction);
  return search(context, { ...interaction, prefer }, transaction);
}

async function answerFoundStep(
  context: FhirContext,
  transaction: Transaction,
  step: Step,
  outcomes: Outcomes,
  prefer: Preferences,
): Promise<Answer> {
  const { found, entry } = step;
  const { type = '' } = entry.interaction;
  if (found && 'createdBy' in found) {
    const [change] = found.createdBy.changes;
    const outcome = change && outcomes.get(change);
    if (!outcome) throw new Error('What an entry creates has an outcome');
    return { ...answerOutcome(outcome, prefer), status: 200 };
  }
  const id = idOf(step) ?? '';
  if (prefer.return === 'representation') return answerFound(context, transaction, { type, id }, prefer);
  const version = found?.version ?? 0;
  return { status: 200, version, location: `${type}/${id}/_history/${version}` };
}
