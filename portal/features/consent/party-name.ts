import type { HumanName } from 'fhir/r4.js';

/** A name as it is written, characters first. */
export function writtenName(names: readonly HumanName[] = []): string {
  const chosen = names.find(({ use }) => use === 'official') ?? names[0];
  return chosen?.text ?? [...(chosen?.given ?? []), chosen?.family].filter((part) => part).join(' ');
}
