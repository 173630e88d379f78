import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isEqual, isInOrder, type Order } from '../expression/compare.ts';
import { invariantOf } from '../expression/invariants.ts';
import { extensionValue, objectsIn, type Question, sdc, valueIn } from './response-items.ts';

/** Items of a response that hold each other, from the outermost. */
export type Ancestors = readonly JsonObject[];

const expressions = [
  `${sdc}sdc-questionnaire-enableWhenExpression`,
  'http://phr.kanta.fi/StructureDefinition/fiphr-ext-questionnaire-enablewhen',
];

/**
 * Whether a question is asked, given the answers so far. A question that is named is looked for near by first: in the
 * item itself, then in the items around it. https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen
 */
export function isEnabled({ definition }: Question, response: JsonObject, ancestors: Ancestors): boolean {
  const expression = expressions.map((url) => extensionValue(definition, url)).find((value) => value !== undefined);
  if (expression !== undefined && !holdsExpression(expression, response)) return false;
  const conditions = objectsIn(definition.enableWhen);
  if (conditions.length === 0) return true;
  const holds = (condition: JsonObject): boolean => holdsCondition(condition, response, ancestors);
  return definition.enableBehavior === 'any' ? conditions.some(holds) : conditions.every(holds);
}

function holdsExpression(value: JsonValue, response: JsonObject): boolean {
  const expression = isJsonObject(value) ? value.expression : value;
  if (typeof expression !== 'string') return true;
  const around = { resource: response, root: response };
  return (
    invariantOf(`(${expression}) = true`, 'QuestionnaireResponse', 'QuestionnaireResponse')(response, around) !== false
  );
}

function holdsCondition(condition: JsonObject, response: JsonObject, ancestors: Ancestors): boolean {
  const answers = answersTo(String(condition.question), response, ancestors);
  const { operator } = condition;
  const wanted = valueIn(condition, 'answer')?.value;
  if (wanted === undefined) return false;
  if (operator === 'exists') return answers.length > 0 === wanted;
  if (operator === '=') return answers.some((answer) => isSame(answer, wanted));
  if (operator === '!=') return answers.some((answer) => !isSame(answer, wanted));
  return answers.some((answer) => isInOrder(answer, operator as Order, wanted) === true);
}

function answersTo(linkId: string, response: JsonObject, ancestors: Ancestors): JsonValue[] {
  for (const holder of [...ancestors].reverse()) {
    const near = itemsWith(linkId, holder);
    if (near.length > 0) return near.flatMap(valuesIn);
  }
  return itemsWith(linkId, response).flatMap(valuesIn);
}

const valuesIn = (item: JsonObject): JsonValue[] =>
  objectsIn(item.answer).flatMap((answer) => {
    const found = valueIn(answer, 'value');
    return found ? [found.value] : [];
  });

function itemsWith(linkId: string, holder: JsonObject): JsonObject[] {
  const below = [...objectsIn(holder.item), ...objectsIn(holder.answer).flatMap((answer) => objectsIn(answer.item))];
  return below.flatMap((item) => (item.linkId === linkId ? [item] : itemsWith(linkId, item)));
}

/** Codings are the same by system and code, whatever they are called. */
export function isSame(one: JsonValue, other: JsonValue): boolean {
  if (isJsonObject(one) && isJsonObject(other) && (one.code !== undefined || other.code !== undefined)) {
    return (
      one.code === other.code && (one.system === other.system || one.system === undefined || other.system === undefined)
    );
  }
  if (isJsonObject(one) && isJsonObject(other) && one.reference !== undefined) return one.reference === other.reference;
  return isEqual(one, other);
}
