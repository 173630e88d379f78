import { isRawNumber, type JsonValue } from '#lib/json/index.ts';

/** Takes away the lists from which a patch removed the last entry: in FHIR there are none that are empty. */
export function removeEmptyLists(value: JsonValue): void {
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return;
  if (Array.isArray(value)) {
    for (const entry of value) removeEmptyLists(entry);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (Array.isArray(member) && member.length === 0) delete value[name];
    else removeEmptyLists(member);
  }
}
