import type { JsonObject } from '#lib/json/index.ts';
import type { CodeSystem } from './code-system.ts';
import type { Concept } from './concept.ts';
import { extensionText, objectAt, objectsAt, textAt } from './element.ts';
import { acceptsLanguage, closeness, type Languages } from './language.ts';

/** A text for a concept: its display, or another designation. */
export interface Designation {
  readonly value: string;
  readonly language: string | undefined;
  readonly use: JsonObject | undefined;
  readonly isDisplay: boolean;
  readonly isActive: boolean;
  /** The element it came from, for its extensions. */
  readonly element: JsonObject | undefined;
}

const displayUses = new Set([
  'http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra#preferredForLanguage',
  'http://terminology.hl7.org/CodeSystem/designation-usage#display',
  'http://snomed.info/sct#900000000000548007',
  'http://snomed.info/sct#900000000000013009',
]);

const isDisplayUse = (use: JsonObject | undefined): boolean =>
  use === undefined || displayUses.has(`${textAt(use, 'system')}#${textAt(use, 'code')}`);

const inactiveStatuses = new Set(['withdrawn', 'inactive', 'deprecated']);

function readDesignation(element: JsonObject): Designation[] {
  const value = textAt(element, 'value')?.trim();
  if (value === undefined || value === '') return [];
  const use = objectAt(element, 'use');
  const status = extensionText(element, 'structuredefinition-standards-status');
  return [
    {
      value,
      language: textAt(element, 'language'),
      use,
      isDisplay: isDisplayUse(use),
      isActive: status === undefined || !inactiveStatuses.has(status),
      element,
    },
  ];
}

const plain = { use: undefined, isDisplay: true, isActive: true, element: undefined };

/** All texts that a code system has for a concept, its display first. */
export function designationsOf({ language }: CodeSystem, concept: Concept): Designation[] {
  const display = concept.display === undefined ? [] : [{ ...plain, value: concept.display, language }];
  return [...display, ...objectsAt(concept.content, 'designation').flatMap(readDesignation)];
}

/** What a value set says in the place of the code system's display. */
export function designationsOfReference(reference: JsonObject, language: string | undefined): Designation[] {
  const display = textAt(reference, 'display')?.trim();
  return [
    ...(display ? [{ ...plain, value: display, language }] : []),
    ...objectsAt(reference, 'designation').flatMap(readDesignation),
  ];
}

/** The text to show: in the language that is wanted most, else without language or in that of the code system. */
export function preferred(
  designations: readonly Designation[],
  languages: Languages | undefined,
): Designation | undefined {
  if (!languages) {
    const display = designations.filter(({ isDisplay }) => isDisplay);
    return display.find(({ isActive }) => isActive) ?? display[0] ?? designations[0];
  }
  for (const { tag, quality } of languages.ranges) {
    if (quality <= 0) continue;
    const found = preferredIn(designations, tag);
    if (found) return found;
  }
  return designations.find(({ language, isDisplay }) => language === undefined && isDisplay);
}

function preferredIn(designations: readonly Designation[], tag: string): Designation | undefined {
  for (const active of [true, false]) {
    for (const least of [3, 2, 1]) {
      const fitting = designations.filter(
        ({ language, isActive }) =>
          (isActive || !active) && (language === undefined ? tag === '*' : closeness(tag, language) >= least),
      );
      const found = fitting.find(({ isDisplay }) => isDisplay) ?? fitting[0];
      if (found) return found;
    }
  }
  return undefined;
}

/** Those that may stand for a concept when these languages are asked for. */
export const inLanguages = (
  designations: readonly Designation[],
  languages: Languages | undefined,
): readonly Designation[] =>
  languages
    ? designations.filter(({ language }) => language === undefined || acceptsLanguage(languages, language))
    : designations;
