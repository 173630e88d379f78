/**
 * Search values are divided by `,` into alternatives, by `|` and `$` into parts; a backslash takes the meaning from the
 * sign after it. https://hl7.org/fhir/R4/search.html#escaping
 */
export function splitEscaped(text: string, separator: ',' | '|' | '$'): string[] {
  if (!text.includes('\\')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** The value that is meant: `a\,b` is `a,b`. A backslash before any other sign stands for itself. */
export const unescapeValue = (text: string): string => text.replace(/\\([\\,|$])/g, '$1');

/** The way back: how a value is written so that it is read as one. */
export const escapeValue = (text: string): string => text.replace(/[\\,|$]/g, '\\$&');
