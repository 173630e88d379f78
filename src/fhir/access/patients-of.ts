const party = /"(?:subject|patient|beneficiary|individual|for|actor|entity)":[[{]/g;
const reference = /"reference":"Patient\/([A-Za-z0-9\-.]{1,64})/g;

/**
 * Ids of the patients whose record these resources belong to, for the trail: from the text, since what was read is not
 * parsed on its way out.
 */
export function patientsOf(resources: Iterable<{ type: string; id: string; content: string }>): string[] {
  const patients = new Set<string>();
  for (const { type, id, content } of resources) {
    if (type === 'Patient') patients.add(id);
    else for (const patient of referredTo(content)) patients.add(patient);
  }
  return [...patients];
}

function* referredTo(content: string): Generator<string> {
  let seen = 0;
  for (const { index, 0: start } of content.matchAll(party)) {
    if (index < seen) continue;
    const from = index + start.length - 1;
    seen = endOf(content, from);
    for (const match of content.slice(from, seen).matchAll(reference)) yield match[1] ?? '';
  }
}

/** Where the object or array ends that begins here, whatever stands in it and in which order. */
function endOf(content: string, from: number): number {
  let depth = 0;
  for (let at = from; at < content.length; at++) {
    const letter = content[at];
    if (letter === '"') at = endOfText(content, at);
    else if (letter === '{' || letter === '[') depth += 1;
    else if ((letter === '}' || letter === ']') && --depth === 0) return at + 1;
  }
  return content.length;
}

function endOfText(content: string, from: number): number {
  let at = from + 1;
  while (at < content.length && content[at] !== '"') at += content[at] === '\\' ? 2 : 1;
  return at;
}
