import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inParameter, type Operation, outParameter } from '../../rest/operation.ts';
import type { OperationInput } from '../../rest/operation-input.ts';
import { objectsAt, textAt } from '../element.ts';
import type { Library } from '../library.ts';
import { type TranslateQuestion, translate } from '../translate.ts';
import { commonParameters } from './parameters.ts';
import { answer, type TerminologyRequest } from './request.ts';
import { loadInstance } from './target.ts';

/** $translate of a ConceptMap. */
export const translateOperation = (library: Library): Operation => ({
  name: 'translate',
  levels: ['type', 'instance'],
  types: ['ConceptMap'],
  affectsState: false,
  title: 'Translate a code',
  documentation:
    'What ConceptMaps give for a code, from source to target or back; all that are stored, unless one is named.',
  definition: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
  parameters: [
    inParameter('url', 'uri', 'Canonical address of the ConceptMap.'),
    inParameter('conceptMap', 'ConceptMap', 'The ConceptMap itself, in the place of its address.'),
    inParameter('conceptMapVersion', 'string', 'Version of the ConceptMap.'),
    inParameter('code', 'code', 'The code, with system. Also sourceCode, or targetCode to translate back.'),
    inParameter('system', 'uri', 'Its code system. Also sourceSystem.'),
    inParameter(
      'coding',
      'Coding',
      'In the place of code and system. Also sourceCoding, or targetCoding to translate back.',
    ),
    inParameter('codeableConcept', 'CodeableConcept', 'Codings of which the first that is translated counts.'),
    inParameter('source', 'uri', 'Value set that the code comes from.'),
    inParameter('target', 'uri', 'Value set that the translation must be of.'),
    inParameter('targetsystem', 'uri', 'Code system that the translation must be of. Also targetSystem.'),
    inParameter('reverse', 'boolean', 'Translate from target to source.'),
    ...commonParameters,
    outParameter('result', 'boolean', 'Whether there is a translation.', { min: 1 }),
    outParameter('message', 'string', 'Why there is none.'),
    outParameter(
      'match',
      undefined,
      'equivalence, concept and originMap of a translation; with targetCode also its source.',
      { max: '*' },
    ),
  ],
  run: (context, request) => answer(library, context, request, 'translate', translateAll),
});

async function translateAll(request: TerminologyRequest): Promise<JsonObject> {
  const { input: asked, scope } = request;
  const { id } = request.request;
  const own =
    asked.resource('conceptMap') ??
    (id === undefined ? undefined : await loadInstance(request.context, 'ConceptMap', id));
  const questions = readQuestions(asked).map((question) => ({ ...question, conceptMap: own }));
  let result: JsonObject | undefined;
  for (const question of questions) {
    result = await translate(scope, question);
    const [outcome] = objectsAt(result, 'parameter');
    if (outcome?.valueBoolean === true) return result;
  }
  if (result) return result;
  throw new Failure('required', 'Name code and system, or send a coding or codeableConcept.');
}

function readQuestions(asked: OperationInput): TranslateQuestion[] {
  const backwards = asked.object('targetCoding') ?? codeAlone(asked, ['targetCode'], []);
  const reverse = asked.boolean('reverse') === true;
  const isReverse = backwards !== undefined || reverse;
  const targetSystem = asked.text('targetSystem') ?? asked.text('targetsystem');
  const sourceSystem = asked.text('sourceSystem') ?? asked.text('system');
  const shared = {
    isReverse,
    givesSource: reverse,
    url: asked.text('url'),
    version: asked.text('conceptMapVersion'),
    conceptMap: undefined,
    sourceScope: asked.text('source') ?? asked.text('sourceScope'),
    targetScope: asked.text('target') ?? asked.text('targetScope'),
  };
  if (backwards) {
    const system = textAt(backwards, 'system') ?? targetSystem;
    return [{ ...shared, system, code: textAt(backwards, 'code') ?? '', otherSystem: sourceSystem }];
  }
  const codeableConcept = asked.object('codeableConcept') ?? asked.object('sourceCodeableConcept');
  const coding =
    asked.object('coding') ??
    asked.object('sourceCoding') ??
    codeAlone(asked, ['code', 'sourceCode'], ['system', 'sourceSystem']);
  const codings = codeableConcept ? objectsAt(codeableConcept, 'coding') : coding ? [coding] : [];
  return codings.map((one) => ({
    ...shared,
    system: textAt(one, 'system'),
    code: textAt(one, 'code') ?? '',
    otherSystem: targetSystem,
  }));
}

function codeAlone(asked: OperationInput, codes: string[], systems: string[]): JsonObject | undefined {
  const first = (names: string[]) => names.map((name) => asked.text(name)).find((text) => text !== undefined);
  const [code, system] = [first(codes), first(systems)];
  return code === undefined ? undefined : { code, ...(system !== undefined && { system }) };
}
