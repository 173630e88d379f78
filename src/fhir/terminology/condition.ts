import { type Concept, propertyTexts } from './concept.ts';
import { textAt } from './element.ts';

/** A field of a concept that is no property. */
export type Field = 'code' | 'display' | 'definition';

/** What a filter asks of a concept, with codes replaced by the numbers of concepts. */
export type Condition =
  /** Below that concept, or it itself. */
  | { readonly kind: 'below'; readonly number: number; readonly orSelf: boolean }
  | { readonly kind: 'child'; readonly number: number }
  | { readonly kind: 'among'; readonly numbers: readonly number[] }
  | { readonly kind: 'leaf' }
  | { readonly kind: 'property'; readonly code: string; readonly values: readonly string[] }
  | { readonly kind: 'exists'; readonly code: string }
  | { readonly kind: 'field'; readonly field: Field; readonly values: readonly string[] }
  | { readonly kind: 'pattern'; readonly code: string; matches(text: string): boolean }
  | { readonly kind: 'active' }
  | { readonly kind: 'selectable' }
  | { readonly kind: 'all'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };

/** Concepts that meet all conditions, and whose words begin with all of these. */
export interface ConceptQuery {
  readonly conditions: readonly Condition[];
  readonly words: readonly string[];
}

const fields = new Set(['code', 'display', 'definition']);
export const isField = (name: string): name is Field => fields.has(name);

function fieldOf(concept: Concept, field: Field): string | undefined {
  return field === 'definition' ? textAt(concept.content, 'definition') : concept[field];
}

/** Whether a concept meets a condition, by itself: the table answers the same question by lexemes. */
export function meets(concept: Concept, condition: Condition): boolean {
  switch (condition.kind) {
    case 'below':
      return (condition.orSelf && concept.number === condition.number) || concept.ancestors.includes(condition.number);
    case 'child':
      return concept.parents.includes(condition.number);
    case 'among':
      return condition.numbers.includes(concept.number);
    case 'leaf':
      return !concept.hasChildren;
    case 'property':
      return propertyTexts(concept.content, condition.code).some((value) => condition.values.includes(value));
    case 'exists':
      return propertyTexts(concept.content, condition.code).length > 0;
    case 'field':
      return condition.values.includes(fieldOf(concept, condition.field) ?? '');
    case 'pattern':
      return textsOf(concept, condition.code).some(condition.matches);
    case 'active':
      return !concept.isInactive;
    case 'selectable':
      return !concept.isAbstract;
    case 'all':
      return condition.conditions.every((one) => meets(concept, one));
    case 'not':
      return !meets(concept, condition.condition);
  }
}

function textsOf(concept: Concept, code: string): string[] {
  if (!isField(code)) return propertyTexts(concept.content, code);
  const text = fieldOf(concept, code);
  return text === undefined ? [] : [text];
}
