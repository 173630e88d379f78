import type { Transaction } from '#lib/postgres/pool.ts';
import { requireAccess } from '../../access/index.ts';
import { type Change, method } from '../../store/index.ts';
import { type Answer, answerRow, type Interaction, type Preferences } from '../answer.ts';
import { answerWritten } from '../answer-written.ts';
import { findOne, lockCondition } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { inTransactionOnce } from '../once.ts';
import { relateOwnReferences } from '../own-references.ts';
import { requireResource, requireType } from '../require.ts';

/** https://hl7.org/fhir/R4/http.html#create and #ccreate: an id in the body is not used. */
export async function create(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  requireAccess(context.access, 'create', type);
  const resource = await requireResource(context.validator, interaction.resource, type);
  relateOwnReferences(resource, context.baseUrl);
  const change: Change = { type, id: context.newId(), method: method.post, resource, isNew: true };
  const { ifNoneExist, once, prefer } = interaction;
  const isLookedFor = ifNoneExist === undefined && context.beforeCreate?.types.includes(type) === true;
  if (ifNoneExist === undefined && once === undefined && !isLookedFor) {
    const [outcome] = await context.store.commit([change]);
    return answerWritten(context, context.pool, outcome, prefer);
  }
  return inTransactionOnce(context, once, async (transaction) => {
    const found = isLookedFor
      ? (await context.beforeCreate?.find(context, transaction, resource))?.id
      : await findExisting(context, transaction, type, ifNoneExist);
    if (found !== undefined) return answerFound(context, transaction, { type, id: found }, prefer);
    const [outcome] = await context.store.write(transaction, [change]);
    return answerWritten(context, transaction, outcome, prefer);
  });
}

async function findExisting(
  context: FhirContext,
  transaction: Transaction,
  type: string,
  condition: string | undefined,
): Promise<string | undefined> {
  if (condition === undefined) return undefined;
  await lockCondition(transaction, type, condition);
  return (await findOne(context, transaction, type, condition))?.id;
}

/** To a create whose condition an existing resource meets. */
export async function answerFound(
  { store }: FhirContext,
  transaction: Transaction,
  { type, id }: { type: string; id: string },
  prefer: Preferences,
): Promise<Answer> {
  const row = await store.read(transaction, type, id);
  if (!row) throw new Error(`${type}/${id} was found and is gone within one transaction`);
  const answer = { ...answerRow(row), location: `${type}/${id}/_history/${row.version}` };
  return prefer.return === 'representation' ? answer : { ...answer, body: undefined };
}
