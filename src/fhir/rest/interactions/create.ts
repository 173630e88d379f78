import { inTransaction } from '#lib/postgres/pool.ts';
import { type Change, method } from '../../store/index.ts';
import { type Answer, answerOutcome, type Interaction } from '../answer.ts';
import { findOne, lockCondition } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { requireResource, requireType } from '../require.ts';

/** https://hl7.org/fhir/R4/http.html#create and #ccreate: an id in the body is not used. */
export async function create(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  const resource = requireResource(interaction.resource, type);
  const change: Change = { type, id: context.newId(), method: method.post, resource, isNew: true };
  if (interaction.ifNoneExist !== undefined) return createUnlessFound(context, interaction, change);
  const [outcome] = await context.store.commit([change]);
  if (!outcome) throw new Error('A create has one outcome');
  return answerOutcome(outcome, interaction.prefer);
}

async function createUnlessFound(context: FhirContext, interaction: Interaction, change: Change): Promise<Answer> {
  const { ifNoneExist = '', prefer } = interaction;
  return inTransaction(
    context.pool,
    async (transaction) => {
      await lockCondition(transaction, change.type, ifNoneExist);
      const match = await findOne(context, transaction, change.type, ifNoneExist);
      if (match) {
        const row = await context.store.read(transaction, change.type, match.id);
        const { version, updated, content } = row ?? { version: match.version, updated: 0, content: null };
        const body = prefer.return === 'representation' ? (content ?? undefined) : undefined;
        return { status: 200, version, updated, body, location: `${change.type}/${match.id}/_history/${version}` };
      }
      const [outcome] = await context.store.write(transaction, [change]);
      if (!outcome) throw new Error('A create has one outcome');
      return answerOutcome(outcome, prefer);
    },
    { retryUniqueViolation: true },
  );
}
