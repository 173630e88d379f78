import type { CodeableConcept } from 'fhir/r4.js';
import { language } from '../../settings/language.ts';
import { isChinese } from '../human-name/human-name.ts';
import { conceptText } from './codeable-concept.ts';

/** The words of a concept; where only the other language has them, a screen reader is told. */
export function Concept({ concept }: { concept: CodeableConcept | undefined }) {
  const locale = language.use();
  const text = conceptText(concept, locale);
  const isForeign = isChinese(text) !== (locale === 'zh-CN');
  return <span lang={isForeign ? (locale === 'zh-CN' ? 'en' : 'zh-CN') : undefined}>{text}</span>;
}
