import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, parseJson, printJson } from '#lib/json/index.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { resourceTypes } from '../../definitions/index.ts';
import { searchParameter } from '../../indexing/index.ts';
import { type Connection, lockRows, method, ridRange } from '../../store/index.ts';
import { type Answer, parseETag } from '../answer.ts';
import type { FhirContext } from '../context.ts';
import { inParameter, type Operation, type OperationRequest, outParameter } from '../operation.ts';
import { readOperationInput } from '../operation-input.ts';
import { requireId, requireResource, requireType } from '../require.ts';
import { addMeta, deleteMeta, requireMeta } from './change-meta.ts';
import { type MetaPaths, selectCodesInUse, selectUrisInUse } from './queries.ts';

/** Of each kind, of a type or of all; beyond that they are no vocabulary any more. */
const mostInUse = 1000;

const answerMeta = (meta: JsonObject): Answer => ({
  status: 200,
  body: printJson({ resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta: meta }] }),
});

const metaOf = (resource: JsonObject): JsonObject => (isJsonObject(resource.meta) ? resource.meta : {});

/** https://hl7.org/fhir/R4/resource-operation-meta.html */
async function meta(context: FhirContext, request: OperationRequest): Promise<Answer> {
  if (request.id !== undefined) {
    const row = await context.store.read(context.pool, requireType(request), requireId(request));
    return answerMeta(metaOf(requireContent(request, row).resource));
  }
  const types = request.type === undefined ? resourceTypes : [requireType(request)];
  return answerMeta(await metaInUse(context.pool, types));
}

async function metaInUse(connection: Connection, types: readonly string[]): Promise<JsonObject> {
  const profiles = await selectUrisInUse(connection, pathsOf(types, '_profile').paths, mostInUse + 1);
  const security = await selectCodesInUse(connection, pathsOf(types, '_security'), mostInUse + 1);
  const tags = await selectCodesInUse(connection, pathsOf(types, '_tag'), mostInUse + 1);
  for (const list of [profiles, security, tags]) {
    if (list.length > mostInUse) {
      throw new Failure('too-costly', `More than ${mostInUse} different ones are in use. Ask for the $meta of a type.`);
    }
  }
  return {
    ...(profiles.length > 0 && { profile: profiles }),
    ...(security.length > 0 && { security: security.map(printCoding) }),
    ...(tags.length > 0 && { tag: tags.map(printCoding) }),
  };
}

const printCoding = ({ system, code }: { system: string; code: string }): JsonObject => ({
  ...(system !== '' && { system }),
  ...(code !== '' && { code }),
});

function pathsOf(types: readonly string[], code: string): MetaPaths {
  const branches = types.flatMap((type) =>
    (searchParameter(type, code)?.branches ?? []).map(({ path }) => ({ path, ...ridRange(type) })),
  );
  return {
    paths: branches.map(({ path }) => path),
    firsts: branches.map(({ first }) => first),
    lasts: branches.map(({ last }) => last),
  };
}

interface Current {
  version: number;
  resource: JsonObject;
}

function requireContent(
  { type, id }: Pick<OperationRequest, 'type' | 'id'>,
  row: { method: number; version: number; content: string | null } | undefined,
): Current {
  if (!row || row.method === method.placeholder) throw new Failure('not-found', `There is no ${type}/${id}.`);
  if (row.content === null) throw new Failure('deleted', `${type}/${id} was deleted.`);
  return { version: row.version, resource: parseJson(row.content) as JsonObject };
}

/** A change of meta makes a version as every change does, so that nothing is lost. */
function changeMeta(change: (meta: JsonObject, given: JsonObject) => JsonObject): Operation['run'] {
  return async (context, request) => {
    const type = requireType(request);
    const id = requireId(request);
    const given = readOperationInput(request).object('meta');
    if (!given) throw new Failure('required', 'Send Parameters with the parameter meta, a valueMeta.');
    requireMeta(given);
    return inTransaction(context.pool, async (transaction) => {
      const [row] = await lockRows(transaction, [{ type, id }]);
      const { resource } = requireContent(request, row);
      const changed = await requireResource(
        context.validator,
        { ...resource, meta: change(metaOf(resource), given) },
        type,
      );
      const [outcome] = await context.store.write(transaction, [
        { type, id, method: method.patch, resource: changed, ...expected(request) },
      ]);
      if (!outcome?.content) throw new Error('A change of meta has one outcome');
      const { version, updated } = outcome;
      return { ...answerMeta(metaOf(parseJson(outcome.content) as JsonObject)), version, updated };
    });
  };
}

function expected(request: OperationRequest): { expectedVersion?: number } {
  const header = request.header('if-match');
  if (header === undefined) return {};
  const expectedVersion = parseETag(header);
  if (expectedVersion === undefined) throw new Failure('value', 'If-Match must be an ETag such as W/"3".');
  return { expectedVersion };
}

const given = (documentation: string) => inParameter('meta', 'Meta', documentation, { min: 1 });
const result = (documentation: string) => outParameter('return', 'Meta', documentation, { min: 1 });

const definitions = 'http://hl7.org/fhir/OperationDefinition/Resource-';

export const metaOperations: readonly Operation[] = [
  {
    name: 'meta',
    needsRight: ({ id }) => id === undefined,
    levels: ['system', 'type', 'instance'],
    affectsState: false,
    title: 'Profiles, security labels and tags',
    documentation: 'Those of a resource, or all that are in use in the resources of a type or of the whole server.',
    definition: `${definitions}meta`,
    parameters: [result('The meta of the resource, or the profiles, labels and tags in use.')],
    run: meta,
  },
  {
    name: 'meta-add',
    levels: ['instance'],
    affectsState: true,
    title: 'Add profiles, security labels and tags',
    documentation: 'Adds those that the resource does not have yet, as a new version.',
    definition: `${definitions}meta-add`,
    parameters: [given('Profiles, security labels and tags to add.'), result('The meta of the new version.')],
    run: changeMeta(addMeta),
  },
  {
    name: 'meta-delete',
    levels: ['instance'],
    affectsState: true,
    title: 'Take profiles, security labels and tags away',
    documentation: 'Takes away those that the resource has, as a new version.',
    definition: `${definitions}meta-delete`,
    parameters: [given('Profiles, security labels and tags to take away.'), result('The meta of the new version.')],
    run: changeMeta(deleteMeta),
  },
];
