import type { CodeableConcept, Coding, Element, Extension, Reference } from 'fhir/r4.js';

/** A coded word in both languages of the region. */
export interface Term {
  system: string;
  code: string;
  zh: string;
  en: string;
}

export interface Words {
  zh: string;
  en: string;
}

/** Makes the terms of one code system. */
export function termsOf(system: string): (code: string, zh: string, en: string) => Term {
  return (code, zh, en) => ({ system, code, zh, en });
}

/** The element beside a string that says it in English. http://hl7.org/fhir/R4/extension-translation.html */
export function inEnglish(content: string): Element {
  return {
    extension: [
      {
        url: 'http://hl7.org/fhir/StructureDefinition/translation',
        extension: [
          { url: 'lang', valueCode: 'en' },
          { url: 'content', valueString: content },
        ],
      },
    ],
  };
}

const codings = new WeakMap<Term, Coding>();
const concepts = new WeakMap<Term, CodeableConcept>();

// Resources share the objects of a term: a region names the same few hundred terms millions of times.
export function codingOf(term: Term): Coding {
  let coding = codings.get(term);
  if (coding === undefined) {
    coding = { system: term.system, code: term.code, display: term.zh, _display: inEnglish(term.en) };
    codings.set(term, coding);
  }
  return coding;
}

export function conceptOf(term: Term): CodeableConcept {
  let concept = concepts.get(term);
  if (concept === undefined) {
    concept = { coding: [codingOf(term)], text: term.zh };
    concepts.set(term, concept);
  }
  return concept;
}

const bareConcepts = new Map<string, CodeableConcept>();

/** A concept of a code system whose words every FHIR system knows. */
export function bareConcept(system: string, code: string): CodeableConcept {
  const key = `${system}|${code}`;
  let concept = bareConcepts.get(key);
  if (concept === undefined) {
    concept = { coding: [{ system, code }] };
    bareConcepts.set(key, concept);
  }
  return concept;
}

export function referTo(type: string, id: string, display?: string): Reference {
  return display === undefined ? { reference: `${type}/${id}` } : { reference: `${type}/${id}`, display };
}

export function codedExtension(name: string, term: Term): Extension {
  return { url: `${extensionBase}${name}`, valueCodeableConcept: conceptOf(term) };
}

export type { Extension };

export const extensionBase = 'http://meridian.health/fhir/StructureDefinition/';

export function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
