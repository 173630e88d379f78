import { inTransaction } from '#lib/postgres/pool.ts';
import { method } from '../../store/index.ts';
import type { Answer, Interaction } from '../answer.ts';
import { findOne, lockCondition } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { requireId, requireType } from '../require.ts';
import { expectedVersion } from './update.ts';

/** https://hl7.org/fhir/R4/http.html#delete: what is not there (any more) is no failure. */
export async function remove(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  if (interaction.id === undefined) return conditionalDelete(context, interaction);
  const id = requireId(interaction);
  const change = { type, id, method: method.delete, ...expectedVersion(interaction) };
  const [outcome] = await context.store.commit([change]);
  return { status: 204, version: outcome?.version || undefined };
}

/** https://hl7.org/fhir/R4/http.html#3.1.0.7.1: deletes the one match; more are refused. */
async function conditionalDelete(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  const query = new URLSearchParams(interaction.parameters.map(([name, value]) => [name, value])).toString();
  return inTransaction(context.pool, async (transaction) => {
    await lockCondition(transaction, type, query);
    const match = await findOne(context, transaction, type, query);
    if (!match) return { status: 204 };
    const change = { type, id: match.id, method: method.delete, ...expectedVersion(interaction) };
    const [outcome] = await context.store.write(transaction, [change]);
    return { status: 204, version: outcome?.version };
  });
}
