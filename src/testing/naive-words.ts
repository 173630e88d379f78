import type { PlacedWord } from '#fhir/indexing/index.ts';
import type { SearchedWord, WordExpression } from '#fhir/search/word-expression.ts';

/** Whether a text of these words is what an expression asks for. */
export function hasWords(expression: WordExpression, text: readonly PlacedWord[]): boolean {
  switch (expression.is) {
    case 'and':
      return expression.parts.every((part) => hasWords(part, text));
    case 'or':
      return expression.parts.some((part) => hasWords(part, text));
    case 'not':
      return !hasWords(expression.part, text);
    case 'words':
      return text.some(({ position }) => followsFrom(position, expression.words, text));
  }
}

function followsFrom(
  position: number,
  [first, ...others]: readonly SearchedWord[],
  text: readonly PlacedWord[],
): boolean {
  if (!first) return true;
  const isThere = text.some(
    ({ word, position: at }) => at === position && (first.isPrefix ? word.startsWith(first.word) : word === first.word),
  );
  return isThere && followsFrom(position + (others[0]?.distance ?? 0), others, text);
}
