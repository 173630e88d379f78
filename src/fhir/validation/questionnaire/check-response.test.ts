import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#lib/json/index.ts';
import { checkResponse } from './check-response.ts';

const problems = (items: JsonObject[], answers: JsonObject[], status = 'completed'): string[] =>
  checkResponse(
    { resourceType: 'QuestionnaireResponse', status, item: answers },
    { resourceType: 'Questionnaire', item: items },
    { memberOf: () => undefined },
  )
    .filter(({ question }) => question === undefined)
    .map(({ path, problem }) => `${path} ${problem}`);

const core = 'http://hl7.org/fhir/StructureDefinition/';

describe('answers', () => {
  test('are required once the response is finished', () => {
    const item = { linkId: 'a', type: 'string', required: true };
    expect(problems([item], [])).toEqual([' must have an answer to "a", which is required']);
    expect(problems([item], [], 'in-progress')).toEqual([]);
    expect(problems([item], [{ linkId: 'a' }])).toEqual(['.item[0] must have an answer, as it is required']);
  });

  test('are of the type of the question, one unless it repeats', () => {
    const item = { linkId: 'a', type: 'integer' };
    const answer: JsonObject[] = [{ valueInteger: 1 }, { valueString: 'x' }];
    expect(problems([item], [{ linkId: 'a', answer }])).toEqual([
      '.item[0] may have one answer, and has 2',
      '.item[0].answer[1].value.ofType(String) must be Integer, as the question is of the type integer',
    ]);
    expect(problems([{ ...item, repeats: true }], [{ linkId: 'a', answer: answer.slice(0, 1) }])).toEqual([]);
  });

  test('are among the options, and within the limits', () => {
    const options = [{ valueCoding: { system: 's', code: 'a' } }, { valueCoding: { system: 's', code: 'b' } }];
    const choice = { linkId: 'a', type: 'choice', answerOption: options };
    expect(
      problems([choice], [{ linkId: 'a', answer: [{ valueCoding: { system: 's', code: 'b', display: 'B' } }] }]),
    ).toEqual([]);
    expect(problems([choice], [{ linkId: 'a', answer: [{ valueCoding: { system: 's', code: 'c' } }] }])).toHaveLength(
      1,
    );
    const limited = { linkId: 'a', type: 'decimal', extension: [{ url: `${core}minValue`, valueDecimal: 2 }] };
    expect(problems([limited], [{ linkId: 'a', answer: [{ valueDecimal: 1.5 }] }])).toEqual([
      '.item[0].answer[0].value.ofType(Decimal) must be at least 2, not 1.5',
    ]);
    expect(
      problems([{ linkId: 'a', type: 'string', maxLength: 2 }], [{ linkId: 'a', answer: [{ valueString: 'abc' }] }]),
    ).toHaveLength(1);
  });

  test('belong to a contained value set', () => {
    const compose = { include: [{ system: 's', concept: [{ code: 'a' }] }] };
    const questionnaire: JsonObject = {
      resourceType: 'Questionnaire',
      contained: [{ resourceType: 'ValueSet', id: 'v', compose }],
      item: [{ linkId: 'a', type: 'choice', answerValueSet: '#v' }],
    };
    const answered = (code: string): JsonObject => ({
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      item: [{ linkId: 'a', answer: [{ valueCoding: { system: 's', code } }] }],
    });
    expect(checkResponse(answered('a'), questionnaire, { memberOf: undefined })).toEqual([]);
    expect(checkResponse(answered('b'), questionnaire, { memberOf: undefined })).toHaveLength(1);
  });
});

describe('items', () => {
  const items: JsonObject[] = [
    { linkId: 'g', type: 'group', item: [{ linkId: 'a', type: 'boolean' }] },
    { linkId: 'b', type: 'string' },
  ];

  test('stand where, and in the order in which, the Questionnaire has them', () => {
    expect(
      problems(items, [
        { linkId: 'b', answer: [{ valueString: 'x' }] },
        { linkId: 'g', item: [{ linkId: 'a' }] },
      ]),
    ).toEqual(['.item[1] must stand in the order of the Questionnaire']);
    expect(problems(items, [{ linkId: 'a' }, { linkId: 'z' }])).toEqual([
      '.item[0] stands where the Questionnaire does not have it: linkId "a"',
      '.item[1] is not in the Questionnaire: linkId "z"',
    ]);
  });

  test('that only show something have no answer', () => {
    expect(problems([{ linkId: 'a', type: 'display' }], [{ linkId: 'a', answer: [{ valueString: 'x' }] }])).toEqual([
      '.item[0] must have no answer, as it is a display',
    ]);
  });
});

describe('a question that is asked under conditions', () => {
  const condition = (operator: string, answer: JsonObject): JsonObject => ({ question: 'a', operator, ...answer });
  const questions = (enableWhen: JsonObject[], enableBehavior = 'all'): JsonObject[] => [
    { linkId: 'a', type: 'integer' },
    { linkId: 'b', type: 'string', required: true, enableWhen, enableBehavior },
  ];
  const a = (value: number): JsonObject => ({ linkId: 'a', answer: [{ valueInteger: value }] });
  const b: JsonObject = { linkId: 'b', answer: [{ valueString: 'x' }] };

  test.each<[JsonObject, boolean]>([
    [condition('=', { answerInteger: 5 }), true],
    [condition('!=', { answerInteger: 5 }), false],
    [condition('>', { answerInteger: 4 }), true],
    [condition('<=', { answerInteger: 4 }), false],
    [condition('exists', { answerBoolean: true }), true],
    [condition('exists', { answerBoolean: false }), false],
  ])('%j', (enableWhen, isAsked) => {
    const answered = problems(questions([enableWhen]), [a(5), b]);
    const left = problems(questions([enableWhen]), [a(5)]);
    expect([answered.length, left.length]).toEqual(isAsked ? [0, 1] : [1, 0]);
  });

  test('all of them, or any', () => {
    const conditions = [condition('=', { answerInteger: 5 }), condition('=', { answerInteger: 6 })];
    expect(problems(questions(conditions), [a(5), b])).toHaveLength(1);
    expect(problems(questions(conditions, 'any'), [a(5), b])).toEqual([]);
  });
});
