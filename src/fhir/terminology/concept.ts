import type { JsonObject } from '#lib/json/index.ts';
import { extensionText, isTrue, objectsAt, printValue, textAt, valueIn } from './element.ts';

/** A concept of a code system, whether it is kept in memory or in a table. */
export interface Concept {
  /** Its place in the order of the code system; unique within its concept set. */
  readonly number: number;
  readonly code: string;
  readonly display: string | undefined;
  /** As in CodeSystem.concept: definition, designation, property, extension. */
  readonly content: JsonObject;
  readonly parents: readonly number[];
  /** Parents, their parents, and so on; never the concept itself. */
  readonly ancestors: readonly number[];
  readonly isInactive: boolean;
  /** Not to be chosen: it only groups others. */
  readonly isAbstract: boolean;
  readonly hasChildren: boolean;
}

/** The names by which a code system calls the properties that FHIR gives a meaning. */
export interface PropertyNames {
  readonly inactive: string;
  readonly status: string;
  readonly notSelectable: string;
  readonly parent: string;
  readonly child: string;
  readonly deprecated: string;
}

const standard = 'http://hl7.org/fhir/concept-properties#';

/** https://hl7.org/fhir/R4/codesystem.html#defined-props: a property may have another code, its uri tells what it means. */
export function propertyNames(codeSystem: JsonObject): PropertyNames {
  const definitions = objectsAt(codeSystem, 'property');
  const nameOf = (meaning: string) =>
    textAt(
      definitions.find(({ uri }) => uri === standard + meaning),
      'code',
    ) ?? meaning;
  return {
    inactive: nameOf('inactive'),
    status: nameOf('status'),
    notSelectable: nameOf('notSelectable'),
    parent: nameOf('parent'),
    child: nameOf('child'),
    deprecated: nameOf('deprecated'),
  };
}

/** The values of a property as text. */
export function propertyTexts(content: JsonObject, code: string): string[] {
  return objectsAt(content, 'property').flatMap((property) => {
    if (property.code !== code) return [];
    const text = printValue(valueIn(property)?.value);
    return text === undefined ? [] : [text];
  });
}

const inactiveStatuses = new Set(['retired', 'inactive', 'withdrawn']);

/** By the property `inactive`, or a status that means the same. */
export function isInactiveContent(content: JsonObject, names: PropertyNames): boolean {
  return (
    propertyTexts(content, names.inactive).includes('true') ||
    propertyTexts(content, names.status).some((status) => inactiveStatuses.has(status.toLowerCase()))
  );
}

export const isAbstractContent = (content: JsonObject, names: PropertyNames): boolean =>
  isTrue(content, 'abstract') || propertyTexts(content, names.notSelectable).includes('true');

/** `retired`, `deprecated`, `active` and the like; undefined when nothing is said. */
export function statusOf({ content, isInactive }: Concept, names: PropertyNames): string | undefined {
  const [status] = propertyTexts(content, names.status);
  if (status !== undefined) return status;
  const standards = extensionText(content, 'structuredefinition-standards-status');
  if (standards !== undefined) return standards;
  if (isDeprecatedContent(content, names)) return 'deprecated';
  return isInactive ? 'inactive' : undefined;
}

function isDeprecatedContent(content: JsonObject, names: PropertyNames): boolean {
  const [deprecated] = propertyTexts(content, names.deprecated);
  if (deprecated === undefined || deprecated === 'false') return propertyTexts(content, 'deprecationDate').some(isPast);
  return deprecated === 'true' || isPast(deprecated);
}

const isPast = (date: string): boolean => /^\d{4}/.test(date) && date <= new Date().toISOString();
