import { date, period, timing } from './date-values.ts';
import type { IndexSink } from './index-sink.ts';
import { money, number, numberRange, quantity, quantityRange } from './quantity-values.ts';
import { inlineResource, reference, referenceUri } from './reference-values.ts';
import type { IndexedType } from './search-parameter-plan.ts';
import { address, humanName, namePart, string, surname } from './string-values.ts';
import {
  booleanToken,
  codeableConcept,
  codeToken,
  coding,
  contactPoint,
  identifier,
  stringToken,
} from './token-values.ts';
import { canonicalUri, uri } from './uri-values.ts';

/**
 * Turns one value of a resource into calls of the sink. `sibling` is the second path of the branch: of
 * `Identifier.type` for tokens, of `Reference.identifier` for references. A value of the wrong JSON type is no value.
 */
export type Conversion = (sink: IndexSink, path: number, sibling: number, value: unknown) => void;

/** By kind of parameter and FHIR type, after https://hl7.org/fhir/R4/search.html#ptypes. What is missing yields nothing. */
const conversions: Record<IndexedType, Readonly<Record<string, Conversion>>> = {
  token: {
    Coding: coding,
    CodeableConcept: codeableConcept,
    Identifier: identifier,
    ContactPoint: contactPoint,
    code: codeToken,
    boolean: booleanToken,
    string: stringToken,
    id: stringToken,
    uri: stringToken,
    canonical: stringToken,
    oid: stringToken,
    uuid: stringToken,
    url: stringToken,
  },
  reference: { Reference: reference, canonical: referenceUri, uri: referenceUri, Resource: inlineResource },
  date: { date, dateTime: date, instant: date, Period: period, Timing: timing },
  number: { integer: number, positiveInt: number, unsignedInt: number, decimal: number, Range: numberRange },
  quantity: {
    Quantity: quantity,
    Age: quantity,
    Count: quantity,
    Distance: quantity,
    Duration: quantity,
    Money: money,
    Range: quantityRange,
  },
  string: { string, code: string, markdown: string, HumanName: humanName, Address: address },
  uri: { uri, url: uri, oid: uri, uuid: uri, canonical: canonicalUri },
};

/** `family` and the other parts of a HumanName are found by their pinyin too. */
function stringConversion(type: string, owner: string, element: string): Conversion | undefined {
  if (owner !== 'HumanName' || type !== 'string') return conversions.string[type];
  return element === 'family' ? surname : namePart;
}

/** How values of a type are indexed for a kind of parameter; owner and element as in ElementPath. */
export const conversionOf = (
  kind: IndexedType,
  type: string,
  owner: string,
  element: string,
): Conversion | undefined => (kind === 'string' ? stringConversion(type, owner, element) : conversions[kind][type]);
