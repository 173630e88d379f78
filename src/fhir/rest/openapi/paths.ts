import type { SearchParameterPlan } from '../../indexing/index.ts';
import { jsonPatchType } from '../../patch/index.ts';
import { methodsOf, type Operation, type OperationLevel } from '../operation.ts';
import { type Schema, schemaOf } from './schemas.ts';

const contentOf = (name: string) => ({ 'application/fhir+json': { schema: schemaOf(name) } });
const shared = (kind: 'parameters' | 'responses', name: string) => ({ $ref: `#/components/${kind}/${name}` });

export const sharedParameters: Record<string, Schema> = {
  id: { name: 'id', in: 'path', required: true, schema: schemaOf('id'), description: 'Logical id' },
  version: { name: 'version', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } },
  ifMatch: header('If-Match', 'Only if this is the current version: W/"3"'),
  ifNoneMatch: header('If-None-Match', 'Only if this is not the current version: W/"3"'),
  ifNoneExist: header('If-None-Exist', 'Search condition; create only when nothing meets it'),
  idempotencyKey: header(
    'Idempotency-Key',
    'A key of this request alone; repeated within 24 hours it gets the same answer',
  ),
  prefer: header('Prefer', 'return=minimal|representation|OperationOutcome, handling=strict|lenient'),
};

function header(name: string, description: string): Schema {
  return { name, in: 'header', schema: { type: 'string' }, description };
}

export const sharedResponses: Record<string, Schema> = {
  Failure: { description: 'What was wrong, and what to do', content: contentOf('OperationOutcome') },
  Bundle: { description: 'A page of resources', content: contentOf('Bundle') },
  Done: { description: 'Done; nothing to return' },
};

const failure = { default: shared('responses', 'Failure') };
const bundle = { '200': shared('responses', 'Bundle'), ...failure };
const one = (name: string, description: string) => ({ description, content: contentOf(name) });
export const headers = (...names: string[]) => names.map((name) => shared('parameters', name));

/** JSON Patch, or FHIRPath Patch. */
const patchBody = {
  required: true,
  content: { [jsonPatchType]: { schema: { type: 'array', items: { type: 'object' } } }, ...contentOf('Parameters') },
};

/** Paths of one resource type, whose search parameters are as given. */
export function describePaths(type: string, plans: readonly SearchParameterPlan[]): Record<string, Schema> {
  const body = { required: true, content: contentOf(type) };
  const tags = [type];
  const stored = { '200': one(type, 'Stored'), '201': one(type, 'Created'), ...failure };
  const patched = { '200': one(type, 'Stored'), ...failure };
  const query = plans.map(describeQuery);
  const call = (operationId: string, parts: Schema): Schema => ({
    operationId: `${operationId}${type}`,
    tags,
    ...parts,
  });
  return {
    [`/${type}`]: {
      get: call('search', { parameters: query, responses: bundle }),
      post: call('create', {
        parameters: headers('ifNoneExist', 'idempotencyKey', 'prefer'),
        requestBody: body,
        responses: stored,
      }),
      put: call('conditionalUpdate', {
        parameters: [...query, ...headers('prefer')],
        requestBody: body,
        responses: stored,
      }),
      patch: call('conditionalPatch', {
        parameters: [...query, ...headers('ifMatch', 'prefer')],
        requestBody: patchBody,
        responses: patched,
      }),
      delete: call('conditionalDelete', {
        parameters: query,
        responses: { '204': shared('responses', 'Done'), ...failure },
      }),
    },
    [`/${type}/_search`]: { post: call('searchByForm', { requestBody: describeForm(plans), responses: bundle }) },
    [`/${type}/_history`]: { get: call('history', { responses: bundle }) },
    [`/${type}/{id}`]: {
      parameters: headers('id'),
      get: call('read', { parameters: headers('ifNoneMatch'), responses: { '200': one(type, 'Found'), ...failure } }),
      put: call('update', { parameters: headers('ifMatch', 'prefer'), requestBody: body, responses: stored }),
      patch: call('patch', { parameters: headers('ifMatch', 'prefer'), requestBody: patchBody, responses: patched }),
      delete: call('delete', {
        parameters: headers('ifMatch'),
        responses: { '204': shared('responses', 'Done'), ...failure },
      }),
    },
    [`/${type}/{id}/_history`]: { parameters: headers('id'), get: call('versions', { responses: bundle }) },
    [`/${type}/{id}/_history/{version}`]: {
      parameters: headers('id', 'version'),
      get: call('vread', { responses: { '200': one(type, 'Found'), ...failure } }),
    },
  };
}

const describeQuery = ({ code, description, type }: SearchParameterPlan): Schema => ({
  name: code,
  in: 'query',
  schema: { type: 'string' },
  description: `${description ?? code} (${type})`,
});

function describeForm(plans: readonly SearchParameterPlan[]): Schema {
  const properties = Object.fromEntries(plans.map(({ code }) => [code, { type: 'string' }]));
  return { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties } } } };
}

const addressOf: Record<OperationLevel, (type: string) => string> = {
  system: () => '',
  type: (type) => `/${type}`,
  instance: (type) => `/${type}/{id}`,
};

/** Paths of an operation, at every level and type at which it is offered. */
export function describeOperationPaths(operation: Operation, types: readonly string[]): Record<string, Schema> {
  const paths: Record<string, Schema> = {};
  for (const level of operation.levels) {
    for (const type of level === 'system' ? [''] : (operation.types ?? types)) {
      const base = `${addressOf[level](type)}/$${operation.name}`;
      paths[base] = describeCalls(operation, level, type, '');
      if (operation.subpath) paths[`${base}/{rest}`] = describeCalls(operation, level, type, 'rest');
    }
  }
  return paths;
}

function describeCalls(operation: Operation, level: OperationLevel, type: string, rest: string): Schema {
  const { name, title, documentation, parameters } = operation;
  const query = parameters
    .filter(({ use, type: valueType }) => use === 'in' && valueType !== undefined && /^[a-z]/.test(valueType))
    .map((parameter) => ({
      name: parameter.name,
      in: 'query',
      required: false,
      schema: { type: 'string' },
      description: parameter.documentation,
    }));
  const restParameter = { name: 'rest', in: 'path', required: true, schema: { type: 'string' } };
  const calls = methodsOf(operation).map((method) => {
    const id = `${method.toLowerCase()}-${name}-${level}${type && `-${type}`}${rest && '-rest'}`;
    const takesBody = method === 'POST';
    const key = takesBody && operation.affectsState ? { parameters: headers('idempotencyKey') } : {};
    return [
      method.toLowerCase(),
      {
        operationId: id,
        tags: [type || 'System'],
        summary: title,
        description: documentation,
        ...(takesBody ? { ...key, requestBody: { content: contentOf('Parameters') } } : { parameters: query }),
        responses: { '200': one('Resource', 'The result'), '202': { description: 'Accepted' }, ...failure },
      },
    ] as const;
  });
  const shown = [...(level === 'instance' ? headers('id') : []), ...(rest ? [restParameter] : [])];
  return { ...(shown.length > 0 && { parameters: shown }), ...Object.fromEntries(calls) };
}
