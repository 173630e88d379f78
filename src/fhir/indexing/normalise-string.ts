// Marks that only add an accent to a letter of Latin, Greek or Cyrillic script.
const accents = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const plainAscii = /^[\u0020-\u007e]*$/;
const whiteSpace = /\s+/g;
// Names of Uyghurs, Kazakhs and others are divided by a dot, for which keyboards have several characters.
const nameDots = /[\u2022\u2027\u22c5\u30fb\u0387]/g;

/** What Unicode's case folding joins and lower case leaves apart. */
const foldCase = (text: string): string => text.toLowerCase().replace(/ß/g, 'ss').replace(/ς/g, 'σ').replace(/ı/g, 'i');

/**
 * The form in which strings are indexed and searched: case, accents and width do not count, runs of white space are one
 * space. https://hl7.org/fhir/R4/search.html#string
 */
export function normaliseString(text: string): string {
  if (!plainAscii.test(text)) {
    const folded = foldCase(text.normalize('NFKD').replace(accents, ''));
    return folded.normalize('NFKC').replace(nameDots, '\u00b7').replace(whiteSpace, ' ').trim();
  }
  const lower = text.toLowerCase();
  const isTidy = !lower.includes('  ') && !lower.startsWith(' ') && !lower.endsWith(' ');
  return isTidy ? lower : lower.replace(whiteSpace, ' ').trim();
}
