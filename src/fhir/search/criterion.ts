import { Failure } from '#lib/failure.ts';
import { isResourceType } from '../definitions/index.ts';
import type { SearchBranch, SearchParameterPlan } from '../indexing/index.ts';
import { compositeCondition, refuseModifier } from './composite-criterion.ts';
import { any, type Condition, nothing } from './condition.ts';
import { splitEscaped, unescapeValue } from './escape.ts';
import { hierarchyCondition } from './hierarchy-criterion.ts';
import { nearCondition } from './near-criterion.ts';
import { presenceCondition } from './presence-criterion.ts';
import { referenceCondition } from './reference-criterion.ts';
import { findParameter, NotSupported, NotUnderstood, type SearchScope } from './scope.ts';
import { subsumedCondition, valueSetCondition } from './terminology-criterion.ts';
import {
  ofTypeCondition,
  referenceIdentifierCondition,
  tokenCondition,
  tokenTextCondition,
} from './token-criterion.ts';
import {
  dateCondition,
  numberCondition,
  parseDateTest,
  quantityCondition,
  stringCondition,
  uriCondition,
} from './value-criterion.ts';
import { wordsCondition } from './words-criterion.ts';

/** More alternatives than this are refused: a `,` list is no way to send a table. */
const mostAlternatives = 1000;

/** The alternatives of a value; empty ones say nothing. */
export function alternatives(name: string, text: string): string[] {
  const values = splitEscaped(text, ',').filter((value) => value !== '');
  if (values.length === 0) throw new NotUnderstood(`Search parameter "${name}" has no value.`);
  if (values.length > mostAlternatives) {
    throw new Failure(
      'too-costly',
      `Search parameter "${name}" has ${values.length} alternatives; send at most ${mostAlternatives}.`,
    );
  }
  return values;
}

/** The condition of a parameter without chain: `code:not`, `subject:Patient`. */
export function criterionCondition(
  scope: SearchScope,
  code: string,
  modifier: string | undefined,
  text: string,
): Condition {
  const plans = findParameter(scope, code);
  const name = modifier === undefined ? code : `${code}:${modifier}`;
  const values = alternatives(name, text);
  if (code === '_text' || code === '_content') return wordsCondition(scope, code, modifier, text);
  if (plans[0].special) return specialCondition(scope, code, modifier, values);
  if (!plans[0].indexed) throw new NotUnderstood(`Search parameter "${code}" is not supported yet.`);
  if (modifier === 'missing') return presenceCondition(plans, isMissing(name, text));
  if (modifier === 'not') return { is: 'not', condition: valueCondition(scope, plans, undefined, values) };
  return valueCondition(scope, plans, modifier, values);
}

function isMissing(name: string, text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Failure('value', `"${text}" cannot be used with "${name}": write true or false.`);
}

type Plans = readonly [SearchParameterPlan, ...SearchParameterPlan[]];

function valueCondition(
  scope: SearchScope,
  plans: Plans,
  modifier: string | undefined,
  values: readonly string[],
): Condition {
  const branches = plans.flatMap((plan) => plan.branches);
  const paths = branches.map(({ path }) => path);
  const [{ type }] = plans;
  const refuse = (): never => {
    throw new NotSupported(`Modifier :${modifier} is not supported for ${type} parameters.`);
  };
  switch (type) {
    case 'token':
      return tokenByModifier(scope, branches, modifier, values) ?? refuse();
    case 'reference':
      if (modifier === 'identifier') return referenceIdentifierCondition(branches, values);
      if (modifier === 'above' || modifier === 'below') return hierarchyCondition(scope, plans, values, modifier);
      if (modifier !== undefined && !isResourceType(modifier)) return refuse();
      return referenceCondition(scope, plans, values, modifier);
    case 'string':
      if (modifier !== undefined && modifier !== 'exact' && modifier !== 'contains') return refuse();
      return stringCondition(paths, values, modifier);
    case 'uri':
      if (modifier !== undefined && modifier !== 'above' && modifier !== 'below') return refuse();
      return uriCondition(paths, values, modifier);
    case 'date':
      return modifier === undefined ? dateCondition(paths, values, scope.now) : refuse();
    case 'number':
      return modifier === undefined ? numberCondition(paths, values) : refuse();
    case 'quantity':
      return modifier === undefined ? quantityCondition(paths, values) : refuse();
    case 'composite':
      return modifier === undefined ? compositeCondition(scope, plans, values) : refuseModifier(modifier);
    case 'special':
      return modifier === undefined ? nearCondition(paths, values) : refuse();
  }
}

function tokenByModifier(
  scope: SearchScope,
  branches: readonly SearchBranch[],
  modifier: string | undefined,
  values: readonly string[],
): Condition | undefined {
  if (modifier === undefined) return tokenCondition(branches, values);
  if (modifier === 'text') return tokenTextCondition(branches, values);
  if (modifier === 'of-type') return ofTypeCondition(branches, values);
  if (modifier === 'in') return valueSetCondition(scope, branches, values);
  if (modifier === 'not-in') return { is: 'not', condition: valueSetCondition(scope, branches, values) };
  if (modifier === 'above' || modifier === 'below') return subsumedCondition(scope, branches, values, modifier);
  return undefined;
}

/** `_id` and `_lastUpdated` are columns of the resource. */
function specialCondition(
  { types, now }: SearchScope,
  code: string,
  modifier: string | undefined,
  values: readonly string[],
): Condition {
  const negate = (condition: Condition): Condition => ({ is: 'not', condition });
  if (modifier === 'missing') return isMissing(`${code}:missing`, values.join(',')) ? nothing : negate(nothing);
  if (code === '_id' && (modifier === undefined || modifier === 'not')) {
    const condition: Condition = { is: 'id', ids: values.map(unescapeValue), types };
    return modifier === 'not' ? negate(condition) : condition;
  }
  if (code === '_lastUpdated' && modifier === undefined) {
    return any(values.map((value) => ({ is: 'updated', test: parseDateTest(value, now) })));
  }
  throw new NotSupported(`Modifier :${modifier} is not supported for ${code}.`);
}
