import { Failure } from '#lib/failure.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { requireAccess, restrictionOf } from '../../access/index.ts';
import { method } from '../../store/index.ts';
import type { Answer, Interaction } from '../answer.ts';
import { findOne, lockCondition, queryOf, requireCondition } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { requireId, requireType } from '../require.ts';
import { expectedVersion } from './update.ts';

/** https://hl7.org/fhir/R4/http.html#delete: what is not there (any more) is no failure. */
export async function remove(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  requireAccess(context.access, 'delete', type);
  if (interaction.id === undefined) return conditionalDelete(context, interaction);
  const id = requireId(interaction);
  const change = { type, id, method: method.delete, ...expectedVersion(interaction) };
  const [outcome] = await context.store.commit([change]);
  return { status: 204, version: outcome?.version || undefined };
}

/** https://hl7.org/fhir/R4/http.html#3.1.0.7.1: deletes the one match, or several where that is configured. */
async function conditionalDelete(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  return inTransaction(context.pool, async (transaction) => {
    await lockCondition(transaction, type, queryOf(interaction));
    const ids = await matchesToDelete(context, transaction, interaction);
    const expected = expectedVersion(interaction);
    const changes = ids.map((id) => ({ type, id, method: method.delete, ...expected }));
    const outcomes = await context.store.write(transaction, changes);
    return { status: 204, version: outcomes.length === 1 ? outcomes[0]?.version : undefined };
  });
}

/** The ids of what meets the condition of the address. Fails when that is more than may be deleted at once. */
export async function matchesToDelete(
  context: FhirContext,
  transaction: Transaction,
  interaction: Interaction,
): Promise<string[]> {
  const condition = { type: requireType(interaction), query: queryOf(interaction) };
  const { conditionalDeletes } = context.writes;
  if (conditionalDeletes === 1) {
    const match = await findOne(context, transaction, condition.type, condition.query);
    return match ? [match.id] : [];
  }
  requireCondition(condition);
  const { type, query } = condition;
  const matches = await context.search.findMatches(
    transaction,
    { type, query, restriction: restrictionOf(context.access, 'search') },
    conditionalDeletes + 1,
  );
  if (matches.length <= conditionalDeletes) return matches.map(({ id }) => id);
  throw new Failure(
    'too-costly',
    `More than ${conditionalDeletes} resources meet the condition, which is as many as are deleted at once. Narrow it.`,
  );
}
