import type { FailureCode } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, numberText, numberValue } from '#lib/json/index.ts';
import { isResourceType } from '../../definitions/index.ts';
import { testBounded } from '../expression/bounded.ts';
import { isInOrder, type Order } from '../expression/compare.ts';
import type { Surroundings } from '../expression/compiled.ts';
import { compareQuantities } from '../expression/quantity.ts';
import { shown } from '../primitive.ts';
import type { ProfileFinding } from '../profile/walk.ts';
import { referencedType } from '../reference-target.ts';
import { isSame } from './enable-when.ts';
import { core, extensionsOf, extensionValue, objectsIn, type Question, sdc, valueIn } from './response-items.ts';

export interface AnswerSurroundings {
  readonly findings: ProfileFinding[];
  readonly questionnaire: JsonObject;
  readonly memberOf: NonNullable<Surroundings['memberOf']> | undefined;
}

/** The types of answers that a type of question takes. */
const answerTypes: ReadonlyMap<string, readonly string[]> = new Map([
  ['boolean', ['Boolean']],
  ['decimal', ['Decimal', 'Integer']],
  ['integer', ['Integer']],
  ['date', ['Date']],
  ['dateTime', ['DateTime', 'Date']],
  ['time', ['Time']],
  ['string', ['String']],
  ['text', ['String']],
  ['url', ['Uri']],
  ['choice', ['Coding', 'Date', 'Time', 'Integer', 'String', 'Reference']],
  ['open-choice', ['Coding', 'Date', 'Time', 'Integer', 'String', 'Reference']],
  ['attachment', ['Attachment']],
  ['reference', ['Reference']],
  ['quantity', ['Quantity']],
]);

type Add = (code: FailureCode, problem: string) => void;

export function checkAnswer(question: Question, answer: JsonObject, around: AnswerSurroundings): void {
  const found = valueIn(answer, 'value');
  if (!found) return;
  const { definition, type } = question;
  const step = `.value.ofType(${found.type})`;
  const add: Add = (code, problem) => {
    around.findings.push({ severity: 'error', code, path: step, problem });
  };
  const accepted = answerTypes.get(type);
  if (accepted && !accepted.includes(found.type)) {
    add('value', `must be ${accepted.join(' or ')}, as the question is of the type ${type}`);
    return;
  }
  checkOptions(question, found, around, step);
  const { value } = found;
  if (typeof value === 'string') checkText(definition, value, add);
  checkLimits(definition, value, add);
  if (!isJsonObject(value)) return;
  if (type === 'quantity') checkUnit(definition, value, around, step, add);
  if (type === 'attachment') checkAttachment(definition, value, add);
  if (type === 'reference') checkReference(definition, value, add);
}

function checkOptions(
  { definition, type }: Question,
  found: { type: string; value: JsonValue },
  around: AnswerSurroundings,
  step: string,
): void {
  const { value } = found;
  const options = objectsIn(definition.answerOption).flatMap((option) => valueIn(option, 'value') ?? []);
  const isOpen = type === 'open-choice' && found.type === 'String';
  if (options.length > 0 && !isOpen && !options.some((option) => isSame(option.value, value))) {
    add(around, step, `is none of the options: ${shown(isJsonObject(value) ? value.code : value)}`);
  }
  const { answerValueSet } = definition;
  if (typeof answerValueSet !== 'string' || isOpen) return;
  checkMember(value, answerValueSet, around, step, 'is not in the value set of the options');
}

function add({ findings }: AnswerSurroundings, path: string, problem: string): void {
  findings.push({ severity: 'error', code: 'code-invalid', path, problem });
}

/** A value set may be contained in the Questionnaire; one that nobody knows leaves a question. */
function checkMember(value: JsonValue, url: string, around: AnswerSurroundings, step: string, problem: string): void {
  const answer = url.startsWith('#') ? inContained(value, url.slice(1), around) : around.memberOf?.(value, url);
  if (answer === true) return;
  const finding = { severity: 'error', code: 'code-invalid', path: step, problem: `${problem} ${url}` } as const;
  if (answer === false) around.findings.push(finding);
  else if (!url.startsWith('#'))
    around.findings.push({ ...finding, question: { valueSet: url, codings: [codeOf(value)] } });
}

const codeOf = (value: JsonValue): { system: string | undefined; code: string } => {
  if (!isJsonObject(value)) return { system: undefined, code: String(value) };
  return { system: typeof value.system === 'string' ? value.system : undefined, code: String(value.code) };
};

function inContained(value: JsonValue, id: string, { questionnaire }: AnswerSurroundings): boolean | undefined {
  const valueSet = objectsIn(questionnaire.contained).find((resource) => resource.id === id);
  const { system, code } = codeOf(value);
  const isMeant = (part: JsonObject, partSystem: JsonValue | undefined): boolean =>
    part.code === code && (system === undefined || partSystem === system);
  if (isJsonObject(valueSet?.expansion)) {
    return objectsIn(valueSet.expansion.contains).some((part) => isMeant(part, part.system));
  }
  if (!isJsonObject(valueSet?.compose)) return undefined;
  const includes = objectsIn(valueSet.compose.include);
  if (includes.some((include) => include.concept === undefined)) return undefined;
  return includes.some((include) => objectsIn(include.concept).some((part) => isMeant(part, include.system)));
}

function checkText(definition: JsonObject, text: string, add: Add): void {
  const { maxLength } = definition;
  const minLength = extensionValue(definition, `${core}minLength`);
  if (typeof maxLength === 'number' && text.length > maxLength)
    add('value', `must not be longer than ${maxLength} characters`);
  if (typeof minLength === 'number' && text.length < minLength)
    add('value', `must have at least ${minLength} characters`);
  const pattern = extensionValue(definition, `${core}regex`);
  if (typeof pattern !== 'string') return;
  try {
    if (!testBounded(new RegExp(`^(?:${pattern})$`, 'u'), text)) add('value', `must match ${pattern}`);
  } catch {
    // The Questionnaire's pattern is none, or takes too long: that is not the answer's fault.
  }
}

function checkLimits(definition: JsonObject, value: JsonValue, add: Add): void {
  const isQuantity = isJsonObject(value) && value.value !== undefined;
  const limits: [string, Order][] = isQuantity
    ? [
        [`${sdc}sdc-questionnaire-minQuantity`, '>='],
        [`${sdc}sdc-questionnaire-maxQuantity`, '<='],
      ]
    : [
        [`${core}minValue`, '>='],
        [`${core}maxValue`, '<='],
      ];
  for (const [url, operator] of limits) {
    const limit = extensionValue(definition, url);
    if (limit === undefined) continue;
    const word = operator === '>=' ? 'least' : 'most';
    if (isQuantity && isJsonObject(limit)) checkQuantity(value, operator, limit, word, add);
    else if (isInOrder(value, operator, limit) === false || isBeyond(value, operator, limit)) {
      add('value', `must be at ${word} ${shown(limit)}, not ${shown(value)}`);
    }
  }
  const places = extensionValue(definition, `${core}maxDecimalPlaces`);
  const digits = numberText(value)?.split('.')[1]?.length ?? 0;
  if (typeof places === 'number' && digits > places) add('value', `must not have more than ${places} decimal places`);
}

/** A day within the last month that is allowed may lie behind what its less precise limit means. */
function isBeyond(value: JsonValue, operator: Order, limit: JsonValue): boolean {
  if (typeof value !== 'string' || typeof limit !== 'string' || value.length === limit.length) return false;
  return operator === '<=' ? value > limit && value.length > limit.length : false;
}

function checkQuantity(value: JsonObject, operator: Order, limit: JsonObject, word: string, add: Add): void {
  const order = value.code === undefined ? undefined : compareQuantities(value, limit);
  const named = `${String(numberValue(limit.value))} ${String(limit.unit ?? limit.code ?? '')}`;
  if (order === undefined) add('value', `cannot be compared with ${named}, as the units do not tell how`);
  else if (operator === '>=' ? order < 0 : order > 0) add('value', `must be at ${word} ${named}`);
}

function checkUnit(
  definition: JsonObject,
  quantity: JsonObject,
  around: AnswerSurroundings,
  step: string,
  add: Add,
): void {
  const options = extensionsOf(definition, `${core}questionnaire-unitOption`).flatMap(({ valueCoding }) =>
    isJsonObject(valueCoding) ? [valueCoding] : [],
  );
  const { system, code, unit } = quantity;
  if (
    options.length > 0 &&
    !options.some((option) => option.code === (code ?? unit) || (code === undefined && option.display === unit))
  ) {
    add('value', `must have a unit out of ${options.map((option) => String(option.code)).join(', ')}`);
  }
  const valueSet = extensionValue(definition, `${core}questionnaire-unitValueSet`);
  if (typeof valueSet !== 'string') return;
  const coding = { ...(system !== undefined && { system }), code: code ?? unit ?? '' };
  checkMember(coding, valueSet, around, step, 'has a unit that is not in');
}

function checkAttachment(definition: JsonObject, { contentType, size, data }: JsonObject, add: Add): void {
  const types = extensionsOf(definition, `${core}mimeType`).map(({ valueCode }) => valueCode);
  if (types.length > 0 && contentType !== undefined && !types.includes(contentType)) {
    add('value', `must be ${types.join(' or ')}, not ${shown(contentType)}`);
  }
  const bytes = typeof data === 'string' ? Buffer.byteLength(data, 'base64') : undefined;
  const most = numberValue(extensionValue(definition, `${core}maxSize`));
  const actual = bytes ?? (typeof size === 'number' ? size : 0);
  if (most !== undefined && actual > most * 1024 * 1024) add('value', `must not be larger than ${most} MB`);
}

function checkReference(definition: JsonObject, { reference }: JsonObject, add: Add): void {
  if (typeof reference !== 'string') return;
  const named = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}$/.exec(reference)?.[1];
  if (named !== undefined && !isResourceType(named)) add('value', `refers to a ${named}, which is no resource type`);
  const types = extensionsOf(definition, `${core}questionnaire-referenceResource`).map(({ valueCode }) => valueCode);
  const type = referencedType(reference, {});
  if (types.length > 0 && type !== undefined && !types.includes(type)) {
    add('value', `must refer to ${types.join(' or ')}, not to a ${type}`);
  }
}
