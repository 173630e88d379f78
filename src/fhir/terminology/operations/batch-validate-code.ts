import type { JsonObject } from '#lib/json/index.ts';
import { inParameter, type Operation, outParameter } from '../../rest/operation.ts';
import { readOperationInput } from '../../rest/operation-input.ts';
import { objectsAt } from '../element.ts';
import { printIssues, TerminologyFault, terminologyFault } from '../fault.ts';
import type { Library } from '../library.ts';
import { commonParameters, displayParameters } from './parameters.ts';
import { answer, createScope, type TerminologyRequest } from './request.ts';
import { validateInValueSet } from './validate-code.ts';

const mostValidations = 1_000;

/** $batch-validate-code of the terminology ecosystem: many questions of $validate-code at once. */
export const batchValidateCodeOperation = (library: Library): Operation => ({
  name: 'batch-validate-code',
  levels: ['type'],
  types: ['ValueSet'],
  affectsState: false,
  title: 'Check many codes against value sets',
  documentation: `Answers up to ${mostValidations} questions of $validate-code in their order. What stands beside them holds for all.`,
  parameters: [
    inParameter('validation', 'Parameters', 'The input of one $validate-code.', { max: '*' }),
    inParameter('url', 'uri', 'The value set of questions that name none.'),
    ...displayParameters,
    ...commonParameters,
    outParameter('validation', 'Resource', 'Its answer: Parameters, or OperationOutcome where there is none.', {
      max: '*',
    }),
  ],
  run: (context, request) => answer(library, context, request, 'batch-validate-code', (all) => validateAll(all)),
});

async function validateAll({ input: asked, request, library, context }: TerminologyRequest): Promise<JsonObject> {
  const questions = asked.resources('validation');
  if (questions.length > mostValidations) {
    throw terminologyFault({ status: 400, code: 'too-costly', text: `Send at most ${mostValidations} validations.` });
  }
  const shared = objectsAt(request.resource, 'parameter').filter(({ name }) => name !== 'validation');
  const parameter: JsonObject[] = [];
  for (const question of questions) {
    const own = objectsAt(question, 'parameter');
    const names = new Set(own.map(({ name }) => name));
    const inherited = shared.filter(({ name }) => name === 'tx-resource' || !names.has(name));
    const resource = { resourceType: 'Parameters', parameter: [...own, ...inherited] };
    const one = { ...request, parameters: [], resource };
    const input = readOperationInput(one);
    parameter.push({
      name: 'validation',
      resource: await answerOne(() => validateInValueSet(context, createScope(library, input, one), input, one)),
    });
  }
  return { resourceType: 'Parameters', parameter };
}

async function answerOne(ask: () => Promise<JsonObject>): Promise<JsonObject> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TerminologyFault) return printIssues(error.issues);
    throw error;
  }
}
