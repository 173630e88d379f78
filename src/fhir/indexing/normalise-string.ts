// Marks that distinguish letters of Latin, Greek and Cyrillic script only by an accent.
const accents = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const plainAscii = /^[\u0020-\u007e]*$/;
const separators = /\s+/g;

/**
 * The form in which strings are indexed and searched: case, accents and width do not count, runs of white space are one
 * space. https://hl7.org/fhir/R4/search.html#string
 */
export function normaliseString(text: string): string {
  if (plainAscii.test(text)) {
    const lower = text.toLowerCase();
    return lower.includes('  ') || lower.startsWith(' ') || lower.endsWith(' ')
      ? lower.replace(separators, ' ').trim()
      : lower;
  }
  return foldCase(text.normalize('NFKD').replace(accents, '')).normalize('NFKC').replace(separators, ' ').trim();
}

/** Unicode's full case folding, for what lower case leaves apart: sharp s, final sigma, dotless i beside I with dot. */
function foldCase(text: string): string {
  return text.toLowerCase().replace(/ß/g, 'ss').replace(/ς/g, 'σ').replace(/ı/g, 'i');
}
