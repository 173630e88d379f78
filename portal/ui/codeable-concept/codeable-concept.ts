import type { CodeableConcept, Coding, Element } from 'fhir/r4.js';
import type { Language } from '../../settings/language.ts';
import { isChinese } from '../human-name/human-name.ts';

const translationUrl = 'http://hl7.org/fhir/StructureDefinition/translation';

/** The words for a concept in the reader's language where the record has them, else in the language it was written in. */
export function conceptText(concept: CodeableConcept | undefined, language: Language): string {
  if (concept === undefined) return '';
  const codings = concept.coding ?? [];
  const words = [
    concept.text,
    ...translations(concept._text),
    ...codings.flatMap((coding) => [coding.display, ...translations(coding._display)]),
  ];
  return inLanguage(words, language) ?? codings[0]?.code ?? '';
}

/** The first of several wordings that is written in the script of the language, else the first there is. */
export function inLanguage(words: readonly (string | undefined)[], language: Language): string | undefined {
  const written = words.filter((word): word is string => word !== undefined && word !== '');
  return written.find((word) => isChinese(word) === (language === 'zh-CN')) ?? written[0];
}

export function codeIn(concept: CodeableConcept | undefined, system: string): string | undefined {
  return concept?.coding?.find((coding) => coding.system?.startsWith(system))?.code;
}

export function hasCode(concept: CodeableConcept | undefined, ...codes: string[]): boolean {
  return concept?.coding?.some((coding: Coding) => coding.code !== undefined && codes.includes(coding.code)) ?? false;
}

/** https://hl7.org/fhir/R4/extension-translation.html */
export function translations(element: Element | undefined): (string | undefined)[] {
  return (element?.extension ?? [])
    .filter((extension) => extension.url === translationUrl)
    .map((extension) => extension.extension?.find((part) => part.url === 'content')?.valueString);
}
