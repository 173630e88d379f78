const subject =
  /"(?:subject|patient|beneficiary|individual|for|actor|entity)":\{[^{}]*?"reference":"Patient\/([A-Za-z0-9\-.]{1,64})/g;

/**
 * Ids of the patients whose record these resources belong to, for the trail: from the text, since what was read is not
 * parsed on its way out.
 */
export function patientsOf(resources: Iterable<{ type: string; id: string; content: string }>): string[] {
  const patients = new Set<string>();
  for (const { type, id, content } of resources) {
    if (type === 'Patient') patients.add(id);
    else for (const match of content.matchAll(subject)) patients.add(match[1] ?? '');
  }
  return [...patients];
}
