import type { JsonObject } from '#lib/json/index.ts';
import type { Answer } from '../../rest/answer.ts';
import type { FhirContext } from '../../rest/context.ts';
import type { OperationRequest } from '../../rest/operation.ts';
import { type OperationInput, readOperationInput } from '../../rest/operation-input.ts';
import { printIssues, TerminologyFault } from '../fault.ts';
import type { Library } from '../library.ts';
import { Scope } from '../scope.ts';
import { readSettings } from '../settings.ts';

/** What an operation works with. */
export interface TerminologyRequest {
  readonly input: OperationInput;
  readonly scope: Scope;
  readonly request: OperationRequest;
  readonly library: Library;
  readonly context: FhirContext;
}

type Handler = (request: TerminologyRequest) => Promise<JsonObject>;

const longestKey = 4_000;

/**
 * Answers from what is stored now. The same question is answered from memory as long as no terminology resource has
 * changed, in whichever process.
 */
export async function answer(
  library: Library,
  context: FhirContext,
  request: OperationRequest,
  name: string,
  handle: Handler,
): Promise<Answer> {
  await library.refresh();
  const { answers } = library;
  const key = keyOf(request, name);
  const known = key === undefined ? undefined : answers.get(key);
  if (known !== undefined) return { status: 200, body: known };
  try {
    const input = readOperationInput(request);
    const scope = createScope(library, input, request);
    const body = JSON.stringify(await handle({ input, scope, request, library, context }));
    if (key !== undefined) answers.set(key, body, key.length + body.length);
    return { status: 200, body };
  } catch (error) {
    if (!(error instanceof TerminologyFault)) throw error;
    return { status: error.status, body: JSON.stringify(printIssues(error.issues)) };
  }
}

/** Undefined for questions too long to be put again. */
function keyOf(request: OperationRequest, name: string): string | undefined {
  const { type, id, parameters, resource } = request;
  const parts = [
    name,
    type,
    id,
    request.header('accept-language'),
    request.header(thresholdHeader),
    parameters,
    resource,
  ];
  const key = JSON.stringify(parts);
  return key.length <= longestKey ? key : undefined;
}

export const thresholdHeader = 'x-too-costly-threshold';

/** What one request sees: the library, with the resources that it brings before those that are stored. */
export function createScope(library: Library, input: OperationInput, request: OperationRequest): Scope {
  const own = [...input.resources('tx-resource'), ...input.resources('valueSet'), ...input.resources('codeSystem')];
  return new Scope(library, readSettings(input, request.header('accept-language')), own);
}
