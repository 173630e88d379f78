import type { FailureCode } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { prefix } from '../finding.ts';
import type { ProfileFinding } from '../profile/walk.ts';
import { type AnswerSurroundings, checkAnswer } from './check-answer.ts';
import { type Ancestors, isEnabled, isSame } from './enable-when.ts';
import {
  core,
  extensionsOf,
  extensionValue,
  objectsIn,
  type Question,
  questionsOf,
  valueIn,
} from './response-items.ts';

interface Walk extends AnswerSurroundings {
  readonly response: JsonObject;
  readonly allLinkIds: ReadonlySet<string>;
  /** Answers that are not there yet are no error. */
  readonly isUnfinished: boolean;
}

/** Checks a QuestionnaireResponse against its Questionnaire. https://hl7.org/fhir/R4/questionnaireresponse.html */
export function checkResponse(
  response: JsonObject,
  questionnaire: JsonObject,
  surroundings: Omit<AnswerSurroundings, 'findings' | 'questionnaire'>,
): ProfileFinding[] {
  const findings: ProfileFinding[] = [];
  const questions = questionsOf(questionnaire);
  const walk: Walk = {
    ...surroundings,
    questionnaire,
    findings,
    response,
    allLinkIds: new Set(allLinkIds(questions)),
    isUnfinished: response.status === 'in-progress' || response.status === 'stopped',
  };
  if (response.status === 'entered-in-error') return findings;
  checkItems(questions, response, [], walk);
  return findings;
}

const allLinkIds = (questions: readonly Question[]): string[] =>
  questions.flatMap(({ linkId, items }) => [linkId, ...allLinkIds(items)]);

function add({ findings }: Walk, code: FailureCode, problem: string, path = ''): void {
  findings.push({ severity: 'error', code, path, problem });
}

/** The items below a response, an item or an answer. */
function checkItems(questions: readonly Question[], holder: JsonObject, ancestors: Ancestors, walk: Walk): void {
  const items = objectsIn(holder.item);
  let latest = -1;
  items.forEach((item, index) => {
    const at = questions.findIndex(({ linkId }) => linkId === item.linkId);
    const path = `.item[${index}]`;
    if (at < 0) {
      const isElsewhere = walk.allLinkIds.has(String(item.linkId));
      const problem = isElsewhere ? 'stands where the Questionnaire does not have it' : 'is not in the Questionnaire';
      add(walk, 'structure', `${problem}: linkId "${String(item.linkId)}"`, path);
    } else if (at < latest) add(walk, 'structure', 'must stand in the order of the Questionnaire', path);
    latest = Math.max(latest, at);
  });
  for (const question of questions) {
    const places = items.flatMap((item, index) => (item.linkId === question.linkId ? [{ item, index }] : []));
    checkQuestion(question, places, [...ancestors, holder], walk);
  }
}

interface Place {
  readonly item: JsonObject;
  readonly index: number;
}

function checkQuestion(question: Question, places: readonly Place[], ancestors: Ancestors, walk: Walk): void {
  const { type, definition, linkId } = question;
  const isAsked = isEnabled(question, walk.response, ancestors);
  if (!isAsked) {
    for (const { item, index } of places) {
      if (isFilled(item))
        add(walk, 'invariant', 'has an answer, although it is not asked (enableWhen)', `.item[${index}]`);
    }
    return;
  }
  const isRepeated = definition.repeats === true;
  if (places.length === 0) {
    checkAbsent(question, walk);
    return;
  }
  if (places.length > 1 && !(isRepeated && type === 'group')) {
    add(
      walk,
      'structure',
      `must stand once: linkId "${linkId}" is there ${places.length} times`,
      `.item[${places[1]?.index}]`,
    );
  }
  for (const { item, index } of places) {
    const before = walk.findings.length;
    checkItem(question, item, ancestors, walk);
    prefix(walk.findings, before, `.item[${index}]`);
  }
}

const isFilled = (item: JsonObject): boolean =>
  objectsIn(item.answer).length > 0 || objectsIn(item.item).some((inner) => isFilled(inner));

function checkAbsent({ definition, linkId, type, items }: Question, walk: Walk): void {
  if (walk.isUnfinished) return;
  const least = extensionValue(definition, `${core}questionnaire-minOccurs`);
  const isMissing = definition.required === true && type !== 'display' && (type !== 'group' || items.length > 0);
  if (isMissing) add(walk, 'required', `must have an answer to "${linkId}", which is required`);
  else if (typeof least === 'number' && least > 0) {
    add(walk, 'required', `must have at least ${least} answers to "${linkId}"`);
  }
}

function checkItem(question: Question, item: JsonObject, ancestors: Ancestors, walk: Walk): void {
  const { type, definition, items } = question;
  const answers = objectsIn(item.answer);
  if (type === 'group' || type === 'display' || type === 'question') {
    if (answers.length > 0) add(walk, 'structure', `must have no answer, as it is a ${type}`);
    if (type === 'display' && item.item !== undefined) add(walk, 'structure', 'must have no items, as it is a display');
    const isEmpty = type === 'group' && definition.required === true && objectsIn(item.item).length === 0;
    if (isEmpty && !walk.isUnfinished) add(walk, 'required', 'must have items, as the group is required');
    if (type !== 'display') checkItems(items, item, ancestors, walk);
    return;
  }
  checkCount(question, answers.length, walk);
  answers.forEach((answer, index) => {
    const before = walk.findings.length;
    checkAnswer(question, answer, walk);
    checkItems(items, answer, [...ancestors, item], walk);
    prefix(walk.findings, before, `.answer[${index}]`);
  });
  checkExclusive(definition, answers, walk);
  if (item.item !== undefined && answers.length > 0) add(walk, 'structure', 'must have its items below the answer');
}

function checkCount({ definition }: Question, count: number, walk: Walk): void {
  const least = extensionValue(definition, `${core}questionnaire-minOccurs`);
  const most = extensionValue(definition, `${core}questionnaire-maxOccurs`);
  if (count > 1 && definition.repeats !== true) add(walk, 'structure', `may have one answer, and has ${count}`);
  if (typeof most === 'number' && count > most) add(walk, 'structure', `may have ${most} answers, and has ${count}`);
  if (walk.isUnfinished) return;
  if (typeof least === 'number' && count < least) add(walk, 'required', `must have ${least} answers, and has ${count}`);
  else if (count === 0 && definition.required === true) add(walk, 'required', 'must have an answer, as it is required');
}

/** An exclusive option cannot be chosen along with others. */
function checkExclusive(definition: JsonObject, answers: readonly JsonObject[], walk: Walk): void {
  if (answers.length < 2) return;
  const exclusive = objectsIn(definition.answerOption).filter((option) =>
    extensionsOf(option, `${core}questionnaire-optionExclusive`).some(({ valueBoolean }) => valueBoolean === true),
  );
  answers.forEach((answer, index) => {
    const value = valueIn(answer, 'value')?.value;
    const isExclusive = exclusive.some((option) => {
      const offered = valueIn(option, 'value')?.value;
      return value !== undefined && offered !== undefined && isSame(value, offered);
    });
    if (isExclusive) add(walk, 'invariant', 'excludes all other answers, and there are some', `.answer[${index}]`);
  });
}
