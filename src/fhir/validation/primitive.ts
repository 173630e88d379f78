import { isRawNumber, type JsonValue, numberValue } from '#lib/json/index.ts';
import { isBase64 } from './base64.ts';
import { isDate, isDateTime, isInstant, isTime } from './calendar.ts';
import { narrativeProblem } from './narrative.ts';

/** What is wrong with a primitive value, as the rest of a sentence that starts with its path; undefined when nothing is. */
export type PrimitiveCheck = (value: JsonValue) => string | undefined;

/** https://hl7.org/fhir/R4/datatypes.html#string: 1 MB. */
const longestString = 1024 * 1024;

export const shown = (value: JsonValue | undefined): string => {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null && !isRawNumber(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 48 ? `${text.slice(0, 48)}...` : text;
};

const mustBe = (what: string, value: JsonValue): string => `must be ${what}, not ${shown(value)}`;

const text =
  (what: string, holds: (value: string) => boolean): PrimitiveCheck =>
  (value) => {
    if (typeof value !== 'string') return mustBe(`a JSON string (${what})`, value);
    if (value.length > longestString) return 'must not be longer than 1,048,576 characters';
    return holds(value) ? undefined : mustBe(what, value);
  };

const pattern = (what: string, expression: RegExp): PrimitiveCheck => text(what, (value) => expression.test(value));

const whole =
  (what: string, least: number): PrimitiveCheck =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 0x7fffffff
      ? undefined
      : mustBe(`${what} up to 2147483647, as a JSON number`, value);

const decimal: PrimitiveCheck = (value) =>
  Number.isFinite(numberValue(value)) ? undefined : mustBe('a JSON number', value);

const boolean: PrimitiveCheck = (value) =>
  value === true || value === false ? undefined : mustBe('true or false without quotes', value);

const base64: PrimitiveCheck = (value) => {
  if (typeof value !== 'string') return mustBe('a JSON string (base64)', value);
  return isBase64(value) ? undefined : mustBe('base64 in groups of four characters', value);
};

const xhtml: PrimitiveCheck = (value) =>
  typeof value === 'string' ? narrativeProblem(value) : mustBe('a JSON string (XHTML)', value);

const notEmpty = text('some text', (value) => value.length > 0);
const uri = pattern('a URI without white space', /^\S+$/);

/** The formats of FHIR's primitive types. https://hl7.org/fhir/R4/datatypes.html#primitive */
const checks: ReadonlyMap<string, PrimitiveCheck> = new Map<string, PrimitiveCheck>([
  ['base64Binary', base64],
  ['boolean', boolean],
  ['canonical', uri],
  ['code', pattern('a code without leading, trailing or double white space', /^[^\s]+(?:\s[^\s]+)*$/)],
  ['date', text('a date of the calendar like 1985, 1985-04 or 1985-04-12', isDate)],
  [
    'dateTime',
    text('a date of the calendar like 1985-04-12, or an instant like 1985-04-12T23:20:50+08:00', isDateTime),
  ],
  ['decimal', decimal],
  ['id', pattern('1 to 64 letters A to Z, digits, hyphens or dots', /^[A-Za-z0-9\-.]{1,64}$/)],
  ['instant', text('an instant like 1985-04-12T23:20:50.123+08:00', isInstant)],
  ['integer', whole('a whole number', -0x80000000)],
  ['markdown', notEmpty],
  ['oid', pattern('an OID like urn:oid:1.2.156.112604', /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/)],
  ['positiveInt', whole('a whole number from 1', 1)],
  ['string', notEmpty],
  ['time', text('a time of the day like 23:20:50', isTime)],
  ['unsignedInt', whole('a whole number from 0', 0)],
  ['uri', uri],
  ['url', uri],
  [
    'uuid',
    pattern(
      'a UUID like urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
      /^urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
    ),
  ],
  ['xhtml', xhtml],
]);

export function primitiveCheck(type: string): PrimitiveCheck {
  const check = checks.get(type);
  if (!check) throw new Error(`No check for the primitive type ${type}`);
  return check;
}
