import { isJsonObject, type JsonObject, numberValue } from '#lib/json/index.ts';
import { type Division, parseDivisionCode } from '#modules/division/index.ts';
import { faultOfCreditCode } from './credit-code.ts';
import { Fields, type Input } from './fields.ts';
import {
  codeIn,
  codingOf,
  compact,
  conceptOf,
  conceptOfElement,
  englishOf,
  identifierIn,
  idOfReference,
  inEnglish,
  listOf,
  replaceIn,
  textOf,
} from './resource-parts.ts';
import { extensions, systems } from './systems.ts';
import { type Term, vocabulary } from './vocabulary.ts';

/** An institution or office, as the directory knows it. */
export interface Institution {
  name: string;
  english: string | undefined;
  kind: Term;
  grade: Term | undefined;
  division: string;
  creditCode: string | undefined;
  institutionCode: string | undefined;
  insuranceCode: string | undefined;
  phone: string | undefined;
  line: string | undefined;
  /** Id of the Organization to which it belongs. */
  parent: string | undefined;
  /** Declared numbers, by the codes of the vocabulary: beds, equipment, areas. */
  figures: Readonly<Record<string, number>>;
}

export const phonePattern = /^[+\d][\d\- ()转]{4,30}$/;
export const phoneSentence = 'A phone number has digits, with + or hyphens between them.';
const idPattern = /^[A-Za-z0-9.-]{1,64}$/;

export function parseInstitution(input: Input): Institution {
  const fields = new Fields(input);
  const name = fields.text('name', { isRequired: true, most: 120 });
  const kind = fields.term('kind', 'kinds', true);
  const creditCode = fields.text('creditCode')?.toUpperCase();
  const fault = creditCode === undefined ? undefined : faultOfCreditCode(creditCode);
  if (fault) fields.fault('creditCode', fault);
  const institution = {
    name: name ?? '',
    english: fields.text('english'),
    kind: kind ?? { code: '', zh: '', en: '' },
    grade: fields.term('grade', 'grades'),
    division: parseDivision(fields),
    creditCode,
    institutionCode: fields.matching(
      'institutionCode',
      /^[A-Za-z0-9-]{4,30}$/,
      'An institution code has 4 to 30 letters, digits or hyphens.',
    ),
    insuranceCode: fields.matching(
      'insuranceCode',
      /^[A-Z0-9]{12}$/,
      'The code by which the insurance knows an institution has 12 characters.',
    ),
    phone: fields.matching('phone', phonePattern, phoneSentence),
    line: fields.text('line'),
    parent: fields.matching('parent', idPattern, 'Choose an organisation of the directory.'),
    figures: parseFigures(fields, input.figures),
  };
  if (creditCode === undefined && institution.institutionCode === undefined) {
    fields.fault(
      'creditCode',
      'Give the unified social credit code, or an institution code where there is none.',
      'required',
    );
  }
  fields.done();
  return institution;
}

function parseDivision(fields: Fields): string {
  const text = fields.text('division', { isRequired: true });
  if (text === undefined) return '';
  try {
    return parseDivisionCode(text);
  } catch (error) {
    fields.fault('division', (error as Error).message);
    return '';
  }
}

function parseFigures(fields: Fields, input: unknown): Record<string, number> {
  if (input === undefined || input === null) return {};
  if (typeof input !== 'object' || Array.isArray(input)) {
    fields.fault('figures', 'Send the figures by their codes.');
    return {};
  }
  const figures: Record<string, number> = {};
  for (const [code, value] of Object.entries(input)) {
    if (value === '' || value === null) continue;
    const number = typeof value === 'number' ? value : Number(value);
    if (!vocabulary.figures.has(code))
      fields.fault(`figures.${code.slice(0, 40)}`, 'There is no such figure.', 'code-invalid');
    else if (Number.isFinite(number) && number >= 0 && number <= 1_000_000)
      figures[code] = Math.round(number * 100) / 100;
    else fields.fault(`figures.${code}`, 'This must be a number from 0 to 1,000,000.');
  }
  return figures;
}

const isDepartmentType = ({ coding }: JsonObject) =>
  listOf(coding).some(
    ({ system, code }) => system === systems.department || (system === systems.organizationType && code === 'dept'),
  );

export const isDepartment = (resource: JsonObject): boolean => listOf(resource.type).some(isDepartmentType);

/** HL7's own word for the kind. http://hl7.org/fhir/R4/valueset-organization-type.html */
const hl7Type: Readonly<Record<string, string>> = { authority: 'govt', insurer: 'ins' };

/** The resource with what the institution says of itself; all that the directory does not know stays as it was. */
export function institutionToResource(
  institution: Institution,
  {
    before,
    division,
    branch,
    parentName,
  }: { before: JsonObject; division: Division; branch: readonly Division[]; parentName: string | undefined },
): JsonObject {
  const { kind, grade, name, english, phone, parent } = institution;
  const divisionElement = {
    url: extensions.division,
    valueCoding: { system: systems.division, code: division.code, display: division.name },
  };
  const owned: readonly string[] = [systems.creditCode, systems.institutionCode, systems.insuranceCode];
  const identifier = (system: string, value: string | undefined) =>
    value === undefined ? undefined : { system, value };
  const group = vocabulary.kinds.get(kind.code)?.group ?? '';
  return compact({
    ...before,
    resourceType: 'Organization',
    extension: replaceIn(
      before.extension,
      ({ url }) => [extensions.division, extensions.grade, extensions.figure].some((own) => own === url),
      [
        divisionElement,
        grade && { url: extensions.grade, valueCodeableConcept: conceptOf(systems.grade, grade) },
        ...Object.entries(institution.figures).map(([code, value]) => ({
          url: extensions.figure,
          extension: figureParts(code, value),
        })),
      ],
    ),
    identifier: replaceIn(before.identifier, ({ system }) => owned.some((own) => own === system), [
      identifier(systems.creditCode, institution.creditCode),
      identifier(systems.institutionCode, institution.institutionCode),
      identifier(systems.insuranceCode, institution.insuranceCode),
    ]),
    active: before.active ?? true,
    type: [
      conceptOf(systems.kind, kind),
      { coding: [{ system: systems.organizationType, code: hl7Type[group] ?? 'prov' }] },
    ],
    name,
    _name: english === undefined ? undefined : inEnglish(english),
    alias: english === undefined ? before.alias : [english],
    telecom: replaceIn(before.telecom, ({ system, use }) => system === 'phone' && use === 'work', [
      phone === undefined ? undefined : { system: 'phone', use: 'work', value: phone },
    ]),
    address: [addressOf(institution, divisionElement, branch)],
    partOf: parent === undefined ? undefined : compact({ reference: `Organization/${parent}`, display: parentName }),
  });
}

const figureParts = (code: string, value: number): JsonObject[] => [
  { url: 'code', valueCode: code },
  { url: 'value', valueDecimal: value },
];

function addressOf({ line = '' }: Institution, division: JsonObject, branch: readonly Division[]): JsonObject {
  const place = (kind: Division['kind']) => branch.find((above) => above.kind === kind)?.name;
  const small = smallPlaces(branch);
  const large = [place('province'), place('city'), place('county')].filter((name) => name !== undefined).join('');
  return compact({
    extension: [division],
    use: 'work',
    type: 'physical',
    text: `${large}${small}${line}`,
    line: small + line === '' ? undefined : [small + line],
    city: place('city'),
    district: place('county'),
    state: place('province'),
    country: 'CN',
  });
}

const smallPlaces = (branch: readonly Division[]): string =>
  (['township', 'village'] as const).map((kind) => branch.find((above) => above.kind === kind)?.name ?? '').join('');

export const divisionOfResource = (resource: JsonObject): string | undefined => {
  const coding = listOf(resource.extension).find(({ url }) => url === extensions.division)?.valueCoding;
  return isJsonObject(coding) ? textOf(coding.code) : undefined;
};

/** What a resource says, as a form shows it. */
export function printInstitution(resource: JsonObject, branch: readonly Division[] = []) {
  const figures: Record<string, number> = {};
  for (const { url, extension } of listOf(resource.extension)) {
    if (url !== extensions.figure) continue;
    const [code, value] = ['code', 'value'].map((part) => listOf(extension).find((one) => one.url === part));
    const number = numberValue(value?.valueDecimal);
    if (typeof code?.valueCode === 'string' && number !== undefined) figures[code.valueCode] = number;
  }
  const [address] = listOf(resource.address);
  const grade = listOf(resource.extension).find(({ url }) => url === extensions.grade)?.valueCodeableConcept;
  const department = codeIn(listOf(resource.type), systems.department);
  return {
    id: textOf(resource.id) ?? '',
    version: isJsonObject(resource.meta) ? Number(textOf(resource.meta.versionId) ?? 0) : 0,
    isActive: resource.active !== false,
    name: textOf(resource.name) ?? '',
    english: englishOf(resource._name) ?? '',
    kind: codeIn(listOf(resource.type), systems.kind) ?? '',
    department: department ?? '',
    isDepartment: isDepartment(resource),
    grade: codeIn(conceptOfElement(grade), systems.grade) ?? '',
    division: divisionOfResource(resource) ?? '',
    creditCode: identifierIn(resource, systems.creditCode) ?? '',
    institutionCode: identifierIn(resource, systems.institutionCode) ?? '',
    insuranceCode: identifierIn(resource, systems.insuranceCode) ?? '',
    phone: textOf(listOf(resource.telecom).find(({ system }) => system === 'phone')?.value) ?? '',
    line: lineOf(address, branch),
    address: textOf(address?.text) ?? '',
    parent: idOfReference(resource.partOf, 'Organization') ?? '',
    parentName: isJsonObject(resource.partOf) ? (textOf(resource.partOf.display) ?? '') : '',
    figures,
  };
}

export type PrintedInstitution = ReturnType<typeof printInstitution>;

/** The part of the address that the division does not say. */
function lineOf(address: JsonObject | undefined, branch: readonly Division[]): string {
  const [line] = Array.isArray(address?.line) ? address.line : [];
  const small = smallPlaces(branch);
  const text = textOf(line) ?? '';
  return text.startsWith(small) ? text.slice(small.length) : text;
}

/** Names a department within its institution. */
export const departmentKey = (parent: string, code: Term, name: string): string =>
  `${parent}/${code.code}/${name}`.slice(0, 250);

export function departmentToResource(
  { name, english, code, phone }: { name: string; english: string | undefined; code: Term; phone: string | undefined },
  {
    before,
    parent,
    parentName,
    division,
  }: { before: JsonObject; parent: string; parentName: string; division: JsonObject | undefined },
): JsonObject {
  return compact({
    ...before,
    resourceType: 'Organization',
    extension: replaceIn(before.extension, ({ url }) => url === extensions.division, [division]),
    identifier: replaceIn(before.identifier, ({ system }) => system === systems.departmentKey, [
      { system: systems.departmentKey, value: departmentKey(parent, code, name) },
    ]),
    active: before.active ?? true,
    type: [
      { coding: [codingOf(systems.department, code)], text: code.zh },
      { coding: [{ system: systems.organizationType, code: 'dept' }] },
    ],
    name,
    _name: english === undefined ? undefined : inEnglish(english),
    telecom: replaceIn(before.telecom, ({ system, use }) => system === 'phone' && use === 'work', [
      phone === undefined ? undefined : { system: 'phone', use: 'work', value: phone },
    ]),
    partOf: { reference: `Organization/${parent}`, display: parentName },
  });
}
