import type { JsonObject } from '#lib/json/index.ts';
import { inParameter, type Operation } from '../../rest/operation.ts';
import { textAt } from '../element.ts';
import { TerminologyFault } from '../fault.ts';
import type { Library } from '../library.ts';
import { describeValueSet } from '../scope.ts';
import { isUsable } from '../validate/concept-set.ts';
import { supplementIssue } from '../validate/explain.ts';
import { prepareValueSet } from '../validate/prepare.ts';
import { type Question, validateCode } from '../validate/validate-code.ts';
import { readQuestion } from './coding-question.ts';
import { commonParameters, displayParameters, validationResult } from './parameters.ts';
import { answer, type TerminologyRequest } from './request.ts';
import { instanceSystem } from './target.ts';
import { printFault } from './validate-code.ts';

/** $validate-code of a CodeSystem. */
export const validateCodeInSystemOperation = (library: Library): Operation => ({
  name: 'validate-code',
  levels: ['type', 'instance'],
  types: ['CodeSystem'],
  affectsState: false,
  title: 'Check a code against a code system',
  documentation: 'Whether a code system has a code, and a display is one of it.',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code',
  parameters: [
    inParameter('url', 'uri', 'Canonical address of the code system.'),
    inParameter('codeSystem', 'CodeSystem', 'The code system itself, in the place of its address.'),
    inParameter('code', 'code', 'The code to check.'),
    inParameter('version', 'string', 'Version of the code system.'),
    inParameter('display', 'string', 'A display that must be one of the code.'),
    inParameter('coding', 'Coding', 'The coding to check.'),
    inParameter('codeableConcept', 'CodeableConcept', 'Codings of which one must be in the code system.'),
    inParameter('abstract', 'boolean', 'False: an abstract code is not valid.'),
    ...displayParameters,
    ...commonParameters,
    ...validationResult,
  ],
  run: (context, request) => answer(library, context, request, 'validate-code', validateInCodeSystem),
});

async function validateInCodeSystem(request: TerminologyRequest): Promise<JsonObject> {
  const { scope, input } = request;
  const question = readQuestion(input, true);
  const [first] = question.codings;
  const instance = await instanceSystem(request);
  const given = input.resource('codeSystem');
  const url = instance?.system ?? textAt(given, 'url') ?? input.text('url') ?? first?.system;
  const version = instance?.version ?? textAt(given, 'version') ?? input.text('version') ?? first?.version;
  const asked = {
    ...question,
    codings: question.codings.map((coding) => ({ ...coding, system: coding.system ?? url })),
  };
  const codeSystem = url === undefined ? undefined : await scope.findCodeSystem(url, scope.ruledVersion(url, version));
  const found = describeValueSet(standIn(url, codeSystem?.version ?? version), 'a whole code system');
  const prepared = await prepareValueSet(scope, found, { unknownImport: (canonical) => new Error(canonical) });
  scope.requireSupplements();
  if (codeSystem && !isUsable(codeSystem)) return refuse(asked, url ?? '');
  return validateCode(scope, prepared, asked);
}

/** A value set of the whole code system. */
function standIn(system: string | undefined, version: string | undefined): JsonObject {
  const include = { ...(system !== undefined && { system }), ...(version !== undefined && { version }) };
  return {
    resourceType: 'ValueSet',
    status: 'active',
    experimental: true,
    url: `${system ?? ''}/all`,
    compose: { include: [include] },
  };
}

/** A supplement has no codes of its own. */
function refuse(question: Question, system: string): JsonObject {
  const { mode } = question;
  const path = mode === 'code' ? '' : mode === 'coding' ? 'Coding' : 'CodeableConcept.coding[0]';
  return printFault(new TerminologyFault(400, [supplementIssue(path, system)]), question);
}
