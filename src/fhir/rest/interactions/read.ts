import { Failure } from '#lib/failure.ts';
import { method } from '../../store/index.ts';
import { type Answer, answerRow, type Interaction, parseETag } from '../answer.ts';
import type { FhirContext, ReadContext } from '../context.ts';
import { noteLook } from '../looks.ts';
import { printOperationDefinition } from '../operation-definition.ts';
import { requireId, requireType } from '../require.ts';
import { answerSubset } from '../subset.ts';

/** https://hl7.org/fhir/R4/http.html#read and #cread */
export async function read(
  context: ReadContext & Pick<FhirContext, 'operations' | 'baseUrl' | 'access' | 'trail' | 'now'>,
  interaction: Interaction,
): Promise<Answer> {
  const { store, pool } = context;
  const type = requireType(interaction);
  const id = requireId(interaction);
  const row = await store.read(pool, type, id);
  if (!row) {
    const own = type === 'OperationDefinition' ? printOperationDefinition(context, id) : undefined;
    if (own) return answerSubset({ status: 200, body: own }, interaction);
    throw new Failure('not-found', `There is no ${type}/${id}.`);
  }
  if (row.method === method.delete) throw new Failure('deleted', `${type}/${id} was deleted.`);
  await noteLook(context, 'read', [{ type, id, version: row.version, content: row.content ?? '' }]);
  if (isUnchanged(interaction, row)) return { status: 304, version: row.version, updated: row.updated };
  return answerSubset(answerRow(row), interaction);
}

function isUnchanged(interaction: Interaction, row: { version: number; updated: number }): boolean {
  const { ifNoneMatch, ifModifiedSince } = interaction;
  if (ifNoneMatch !== undefined) return ifNoneMatch.split(',').some((tag) => parseETag(tag) === row.version);
  if (ifModifiedSince === undefined) return false;
  const since = Date.parse(ifModifiedSince);
  return Math.floor(row.updated / 1_000_000) * 1000 <= since;
}

/** https://hl7.org/fhir/R4/http.html#vread */
export async function vread(
  context: ReadContext & Pick<FhirContext, 'access' | 'trail' | 'now'>,
  interaction: Interaction,
): Promise<Answer> {
  const { store, pool } = context;
  const type = requireType(interaction);
  const id = requireId(interaction);
  const version = parseETag(interaction.version ?? '');
  const row = version === undefined ? undefined : await store.vread(pool, type, id, version);
  if (!row) throw new Failure('not-found', `There is no version ${interaction.version} of ${type}/${id}.`);
  if (row.method === method.delete)
    throw new Failure('deleted', `Version ${version} of ${type}/${id} is its deletion.`);
  await noteLook(context, 'vread', [{ type, id, version: row.version, content: row.content ?? '' }]);
  return answerSubset(answerRow(row), interaction);
}
