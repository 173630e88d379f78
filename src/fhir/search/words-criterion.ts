import type { Condition } from './condition.ts';
import { NotSupported, type SearchScope } from './scope.ts';
import { parseWordExpression } from './word-expression.ts';

/** `_text=bone and liver`: words of the narrative; `_content`: of any text. https://hl7.org/fhir/R4/search.html#content */
export function wordsCondition(
  { textSearch }: SearchScope,
  code: '_text' | '_content',
  modifier: string | undefined,
  text: string,
): Condition {
  if (modifier !== undefined) throw new NotSupported(`Modifier :${modifier} is not supported for ${code}.`);
  const source = code === '_text' ? 'narrative' : 'content';
  const isIndexed = textSearch === 'content' || (textSearch === 'narrative' && source === 'narrative');
  if (!isIndexed) {
    throw new NotSupported(`${code} is not indexed on this server: its setting MERIDIAN_TEXT_SEARCH is ${textSearch}.`);
  }
  return { is: 'words', source, expression: parseWordExpression(text) };
}
