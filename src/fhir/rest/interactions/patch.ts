import { FailedCondition, Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import { requireRow } from '../../access/index.ts';
import { readPatch } from '../../patch/index.ts';
import { type Change, lockRows, method, type StoredRow } from '../../store/index.ts';
import type { Answer, Interaction } from '../answer.ts';
import { answerWritten } from '../answer-written.ts';
import { findOne, lockCondition, queryOf } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { relateOwnReferences } from '../own-references.ts';
import { requireId, requireResource, requireType } from '../require.ts';
import { expectedVersion } from './update.ts';

/** https://hl7.org/fhir/R4/http.html#patch: of one resource, or of the one that meets a condition. */
export async function patch(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const type = requireType(interaction);
  if (interaction.id !== undefined) requireId(interaction);
  readPatch(interaction.patch ?? interaction.resource);
  return inTransaction(context.pool, async (transaction) => {
    const id = interaction.id ?? (await findPatched(context, transaction, interaction, type));
    const change = await patchedChange(context, transaction, interaction, id);
    if (change.resource) relateOwnReferences(change.resource, context.baseUrl);
    const [outcome] = await context.store.write(transaction, [change]);
    return answerWritten(context, transaction, outcome, interaction.prefer);
  });
}

async function findPatched(
  context: FhirContext,
  transaction: Transaction,
  interaction: Interaction,
  type: string,
): Promise<string> {
  const query = queryOf(interaction);
  await lockCondition(transaction, type, query);
  return requireMatch(type, query, await findOne(context, transaction, type, query));
}

/** A patch creates nothing: what it would change must be there. */
export function requireMatch(type: string, query: string, match: { id: string } | undefined): string {
  if (match) return match.id;
  throw new Failure('not-found', `No ${type} meets the condition ${query}, so that there is nothing to patch.`);
}

/** The patched resource as a change; its row is locked, so that no other change is lost. */
export async function patchedChange(
  context: Pick<FhirContext, 'validator' | 'access' | 'search'>,
  transaction: Transaction,
  interaction: Interaction,
  id: string,
): Promise<Change> {
  const type = requireType(interaction);
  const [row] = await lockRows(transaction, [{ type, id }]);
  const current = requireCurrent(type, id, row);
  await requireRow(context, transaction, 'update', { rid: current.rid, type, id });
  // What it leaves as it is, is in the answer.
  await requireRow(context, transaction, 'read', { rid: current.rid, type, id });
  const expected = expectedVersion(interaction);
  if (expected.expectedVersion !== undefined && expected.expectedVersion !== current.version) {
    throw new FailedCondition(
      `${type}/${id} is at version ${current.version}, not ${expected.expectedVersion}. Read it again and patch that.`,
    );
  }
  const apply = readPatch(interaction.patch ?? interaction.resource);
  const patched = await apply(parseJson(current.content) as JsonObject);
  const resource = await requireResource(context.validator, patched, type);
  if (resource.id !== id) throw new Failure('invalid', `A patch must not change the id; it is ${id}.`);
  return { type, id, method: method.patch, resource, ...expected };
}

function requireCurrent(
  type: string,
  id: string,
  row: StoredRow | undefined,
): Pick<StoredRow, 'rid' | 'version'> & { content: string } {
  if (!row || row.method === method.placeholder) throw new Failure('not-found', `There is no ${type}/${id} to patch.`);
  const { rid, version, content } = row;
  if (content === null) throw new Failure('deleted', `${type}/${id} was deleted; bring it back by PUT.`);
  return { rid, version, content };
}
