/**
 * A second, slow reading of the tables in https://hl7.org/fhir/R4/search.html, written apart from src/fhir/indexing to
 * hold its conversions against.
 */
import { pinyinForms } from '#fhir/indexing/pinyin.ts';

/** A value with its type, as fhirpath gives it when asked for its internal types. */
interface Node {
  readonly data: unknown;
  readonly fhirNodeDataType: string | null;
  readonly path: string | null;
  readonly propName: string | null;
  readonly parentResNode: Node | null;
}

interface Fields {
  readonly [name: string]: unknown;
}

const some = (...values: unknown[]): string[] =>
  values.flat().filter((value): value is string => typeof value === 'string');

const naiveCoding = ({ system = '', code = '', display }: Fields): string[] => [
  ...(system || code ? [`code ${system}|${code}`] : []),
  ...(display ? [`text ${code ? system : ''}|${code} ${display}`] : []),
];

function naiveConcept({ coding, text }: Fields): string[] {
  const codings = (coding ?? []) as Fields[];
  const isSaid = codings.some(({ display }) => display === text);
  return [...codings.flatMap(naiveCoding), ...(text && !isSaid ? [`text | ${text}`] : [])];
}

function naiveIdentifier({ system = '', value, type }: Fields): string[] {
  const { coding = [], text } = (type ?? {}) as { coding?: Fields[]; text?: string };
  return [
    ...(value ? [`identifier ${system}|${value}`] : []),
    ...(text ? [`text | ${text}`] : []),
    ...(value ? coding.map((item) => `of-type ${item.system ?? ''}|${item.code ?? ''}|${value}`) : []),
  ];
}

const microsOf = (text: string) => {
  const [seconds, fraction] = text.split(/\.(?=\d)/);
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1] ?? 'Z';
  const base = Date.parse(fraction === undefined ? text : `${seconds}${zone}`) * 1000;
  return base + Number((/^\d*/.exec(fraction ?? '')?.[0] ?? '').slice(0, 6).padEnd(6, '0'));
};

function naiveDate(text: string): [number, number] {
  const low = microsOf(text);
  const end = new Date(text);
  if (/T.*\.\d/.test(text)) return [low, low + 1];
  if (text.includes('T')) return [low, low + 1e6];
  if (text.length === 4) end.setUTCFullYear(end.getUTCFullYear() + 1);
  if (text.length === 7) end.setUTCMonth(end.getUTCMonth() + 1);
  if (text.length === 10) end.setUTCDate(end.getUTCDate() + 1);
  return [low, end.getTime() * 1000];
}

function naivePeriod({ start, end }: Fields): [number, number][] {
  const named = some(start, end).flatMap(naiveDate);
  if (named.length === 0) return [];
  return [[start ? Math.min(...named) : -Infinity, end ? Math.max(...named) : Infinity]];
}

function naiveTiming({ event, repeat }: Fields): [number, number][] {
  const bounds = naivePeriod(((repeat as Fields)?.boundsPeriod ?? {}) as Fields);
  const all = [...((event ?? []) as string[]).map(naiveDate), ...bounds];
  return all.length === 0 ? [] : [[Math.min(...all.map(([low]) => low)), Math.max(...all.map(([, high]) => high))]];
}

function naiveQuantity({ value, comparator, system = '', code = '', unit = '' }: Fields): string[] {
  if (value === undefined) return [];
  const low = String(comparator).startsWith('<') ? -Infinity : value;
  const high = String(comparator).startsWith('>') ? Infinity : value;
  return [`quantity ${low} ${high} ${system} ${code} ${unit}`];
}

function naiveRange({ low, high }: { low?: Fields; high?: Fields }): string | undefined {
  if (low?.value === undefined && high?.value === undefined) return undefined;
  return `${low?.value ?? -Infinity} ${high?.value ?? Infinity}`;
}

function naiveQuantityRange(range: { low?: Fields; high?: Fields }): string[] {
  const { system = '', code = '', unit = '' } = range.low ?? range.high ?? {};
  const ends = naiveRange(range);
  return ends ? [`quantity ${ends} ${system} ${code} ${unit}`] : [];
}

const naiveName = (text: unknown, isHead: boolean): string[] =>
  typeof text === 'string' && text !== ''
    ? [text, ...(/\p{Script=Han}/u.test(text) ? pinyinForms(text, isHead) : [])]
    : [];

function naiveHumanName({ family, given, prefix, suffix, text }: Fields): string[] {
  const names = some(given);
  const isChinese = /\p{Script=Han}/u.test(String(family));
  const assembled = isChinese ? [family, ...names].join('') : some(names, family).join(' ');
  const parts = some(names, family).length > 1 ? naiveName(text ?? assembled, true) : naiveName(text, true);
  return [
    ...naiveName(family, true),
    ...names.flatMap((name) => naiveName(name, false)),
    ...some(prefix, suffix),
    ...parts,
  ];
}

const withoutVersion = (url: string) => [url, ...(url.includes('|') ? [url.split('|')[0] as string] : [])];

const naivePosition = ({ latitude, longitude }: Fields): string[] =>
  Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180 ? [`position ${latitude} ${longitude}`] : [];

const naive: Record<string, Record<string, (value: never, node: Node) => string[]>> = {
  token: {
    Coding: naiveCoding,
    CodeableConcept: naiveConcept,
    Identifier: naiveIdentifier,
    ContactPoint: ({ system = '', value }: Fields) => (value ? [`identifier ${system}|${value}`] : []),
    code: (value: string) => [`code |${value}`],
    boolean: (value: boolean) => [`code |${value}`],
    string: (value: string) => [`identifier |${value}`],
    id: (value: string) => [`identifier |${value}`],
    uri: (value: string) => [`identifier |${value}`],
  },
  reference: {
    Reference: ({ reference, identifier }: Fields) => [
      ...some(reference).map((text) => `reference ${text}`),
      ...((identifier as Fields)?.value
        ? [`logical ${(identifier as Fields).system ?? ''}|${(identifier as Fields).value}`]
        : []),
    ],
    canonical: (value: string) => withoutVersion(value).map((text) => `reference ${text}`),
    uri: (value: string) => withoutVersion(value).map((text) => `reference ${text}`),
    resource: ({ resourceType, id }: Fields) => (id ? [`reference ${resourceType}/${id}`] : []),
  },
  date: {
    dateTime: (value: string) => [`date ${naiveDate(value).join(' ')}`],
    Period: (value: Fields) => naivePeriod(value).map((range) => `date ${range.join(' ')}`),
    Timing: (value: Fields) => naiveTiming(value).map((range) => `date ${range.join(' ')}`),
  },
  number: {
    decimal: (value: number) => [`number ${value} ${value}`],
    Range: (value: object) => some(naiveRange(value)).map((range) => `number ${range}`),
  },
  quantity: {
    Quantity: naiveQuantity,
    Money: ({ value, currency = '' }: Fields) =>
      value === undefined ? [] : [`quantity ${value} ${value} urn:iso:std:iso:4217 ${currency} `],
    Range: naiveQuantityRange,
  },
  string: {
    string: (value: string, { parentResNode, path }: Node) =>
      (parentResNode?.fhirNodeDataType === 'HumanName'
        ? naiveName(value, String(path).endsWith('family'))
        : [value]
      ).map((text) => `string ${text}`),
    HumanName: (value: Fields) => naiveHumanName(value).map((text) => `string ${text}`),
    Address: ({ line, city, district, state, postalCode, country, text }: Fields) =>
      some(line, city, district, state, postalCode, country, text).map((part) => `string ${part}`),
  },
  special: { BackboneElement: naivePosition, 'Location.position': naivePosition },
  uri: {
    uri: (value: string) => [`uri ${value}`],
    canonical: (value: string) => withoutVersion(value).map((text) => `uri ${text}`),
  },
};

/** Types that a row of the tables stands for. */
const sameAs: Record<string, string> = {
  date: 'dateTime',
  instant: 'dateTime',
  integer: 'decimal',
  positiveInt: 'decimal',
  unsignedInt: 'decimal',
  Age: 'Quantity',
  Duration: 'Quantity',
  Count: 'Quantity',
  Distance: 'Quantity',
  markdown: 'string',
  url: 'uri',
  oid: 'uri',
  uuid: 'uri',
};

/** The lines that RecordingSink would show for a value that FHIRPath found for a parameter of a kind. */
export function naiveIndexRows(node: unknown, kind: string): string[] {
  if (typeof node === 'boolean') return [`code |${node}`];
  const { data, fhirNodeDataType } = node as Node;
  const type = fhirNodeDataType ?? '';
  const isResource = typeof data === 'object' && data !== null && 'resourceType' in data;
  const convert = naive[kind]?.[isResource ? 'resource' : (sameAs[type] ?? type)];
  return convert && data !== undefined && data !== null ? convert(data as never, node as Node) : [];
}

/** The rows of one part of a composite, as RecordingSink shows them: texts beside codes are not among them. */
export const naivePartRows = (nodes: readonly unknown[], kind: string): string[] =>
  nodes
    .flatMap((node) => naiveIndexRows(node, kind))
    .filter((row) => !/^(text|of-type|logical) /.test(row))
    .map((row) => row.replace(/^(date|number|quantity) /, 'range '));
