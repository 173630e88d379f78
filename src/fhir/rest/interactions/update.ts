import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { requireAccess } from '../../access/index.ts';
import { type Change, method } from '../../store/index.ts';
import { type Answer, type Interaction, parseETag } from '../answer.ts';
import { answerWritten } from '../answer-written.ts';
import { findOne, lockCondition, queryOf } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { relateOwnReferences } from '../own-references.ts';
import { requireId, requireResource, requireType } from '../require.ts';

/** https://hl7.org/fhir/R4/http.html#update: an id that does not exist yet is created. */
export async function update(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  requireAccess(context.access, 'update', type);
  const resource = await requireResource(context.validator, interaction.resource, type);
  relateOwnReferences(resource, context.baseUrl);
  if (interaction.id === undefined) return conditionalUpdate(context, interaction, resource);
  const id = requireId(interaction);
  requireSameId(resource, id);
  const change: Change = { type, id, method: method.put, resource, ...expectedState(interaction) };
  const [outcome] = await context.store.commit([change]);
  return answerWritten(context, context.pool, outcome, interaction.prefer);
}

export function requireSameId(resource: JsonObject, id: string): void {
  if (resource.id === id) return;
  throw new Failure('invalid', `The body must have the id ${id}, as in the address.`);
}

/** `If-None-Match: *` of an update: it may create, but change nothing. https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
export function expectedState(interaction: Interaction): Pick<Change, 'expectedVersion' | 'isOnlyIfAbsent'> {
  const { ifNoneMatch } = interaction;
  if (ifNoneMatch?.trim() !== '*') return expectedVersion(interaction);
  return { ...expectedVersion({ ifMatch: interaction.ifMatch }), isOnlyIfAbsent: true };
}

/** From If-Match. */
export function expectedVersion({ ifMatch, ifNoneMatch }: Pick<Interaction, 'ifMatch' | 'ifNoneMatch'>): {
  expectedVersion?: number;
} {
  if (ifNoneMatch !== undefined) {
    throw new Failure('value', 'If-None-Match of a write can only be *, of an update that may create and not change.');
  }
  if (ifMatch === undefined) return {};
  const version = parseETag(ifMatch);
  if (version === undefined) throw new Failure('value', 'If-Match must be an ETag such as W/"3".');
  return { expectedVersion: version };
}

/** https://hl7.org/fhir/R4/http.html#cond-update: no match creates, one match updates, more are refused. */
async function conditionalUpdate(
  context: FhirContext,
  interaction: Interaction,
  resource: JsonObject,
): Promise<Answer> {
  const type = requireType(interaction);
  const query = queryOf(interaction);
  return inTransaction(
    context.pool,
    async (transaction) => {
      await lockCondition(transaction, type, query);
      const match = await findOne(context, transaction, type, query);
      const change = conditionalChange(context, type, resource, match?.id);
      const [outcome] = await context.store.write(transaction, [{ ...change, ...expectedState(interaction) }]);
      return answerWritten(context, transaction, outcome, interaction.prefer);
    },
    { retryUniqueViolation: true },
  );
}

export function conditionalChange(
  context: FhirContext,
  type: string,
  resource: JsonObject,
  matchedId: string | undefined,
): Change {
  const ownId = resource.id as string | undefined;
  if (matchedId === undefined) {
    return ownId === undefined
      ? { type, id: context.newId(), method: method.put, resource, isNew: true }
      : { type, id: ownId, method: method.put, resource };
  }
  if (ownId !== undefined && ownId !== matchedId) {
    throw new Failure('invalid', `The condition matches ${type}/${matchedId}, but the body has the id ${ownId}.`);
  }
  return { type, id: matchedId, method: method.put, resource };
}
