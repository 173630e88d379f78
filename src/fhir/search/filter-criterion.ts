import { normaliseString, searchDateBounds } from '../indexing/index.ts';
import { followChain } from './chain.ts';
import { all, any, type Condition, type StringCondition } from './condition.ts';
import { criterionCondition } from './criterion.ts';
import { escapeValue } from './escape.ts';
import {
  type FilterExpression,
  type FilterOperator,
  type FilterTest,
  parseFilterExpression,
} from './filter-expression.ts';
import { findParameter, NotSupported, type SearchScope } from './scope.ts';

/** `_filter=name eq "a" and birthdate ge 2000`. https://hl7.org/fhir/R4/search_filter.html */
export const filterCondition = (scope: SearchScope, text: string): Condition =>
  conditionOf(scope, parseFilterExpression(text));

function conditionOf(scope: SearchScope, expression: FilterExpression): Condition {
  switch (expression.is) {
    case 'and':
      return all(expression.parts.map((part) => conditionOf(scope, part)));
    case 'or':
      return any(expression.parts.map((part) => conditionOf(scope, part)));
    case 'not':
      return { is: 'not', condition: conditionOf(scope, expression.part) };
    case 'test':
      return testCondition(scope, expression, 1);
  }
}

function testCondition(scope: SearchScope, test: FilterTest, depth: number): Condition {
  const { path, operator, value } = test;
  const dot = path.indexOf('.');
  if (dot >= 0) {
    const [code = '', type] = path.slice(0, dot).split(':');
    const rest = path.slice(dot + 1);
    return followChain(scope, { code, type, rest, depth }, (target) =>
      testCondition(target, { ...test, path: rest }, depth + 1),
    );
  }
  const plans = findParameter(scope, path);
  const [{ type, special }] = plans;
  if (operator === 'pr') return criterionCondition(scope, path, 'missing', value === 'false' ? 'true' : 'false');
  const paths = special ? [] : plans.flatMap((plan) => plan.branches.map((branch) => branch.path));
  const own = paths.length > 0 ? ownCondition(type, operator, paths, value) : undefined;
  if (own) return own;
  const [modifier, prefix] = meanings[type]?.[operator] ?? refuse(path, type, operator);
  const text = type === 'uri' ? escapeValue(value) : value.replace(/\\.|,/g, (text) => (text === ',' ? '\\,' : text));
  if (operator === 'ne' && !isRange(type)) {
    return { is: 'not', condition: criterionCondition(scope, path, modifier, text) };
  }
  return criterionCondition(scope, path, modifier, `${prefix}${text}`);
}

/** What no parameter of its own can ask for. */
function ownCondition(
  type: string,
  operator: FilterOperator,
  paths: readonly number[],
  value: string,
): Condition | undefined {
  if (type === 'date' && operator === 'po') {
    const { low, high } = searchDateBounds(value);
    return { is: 'date', paths, test: { prefix: 'ap', from: low, to: high } };
  }
  const match = type === 'string' ? stringMatches[operator] : undefined;
  if (!match) return undefined;
  const condition: Condition = { is: 'string', paths, match, value: normaliseString(value) };
  return operator === 'ne' ? { is: 'not', condition } : condition;
}

const stringMatches: Partial<Record<FilterOperator, StringCondition['match']>> = {
  eq: 'same',
  ne: 'same',
  sw: 'starts',
  co: 'contains',
  ew: 'ends',
};

const refuse = (path: string, type: string, operator: FilterOperator): never => {
  throw new NotSupported(`_filter: the operator ${operator} is not for "${path}", a ${type} parameter.`);
};

const isRange = (type: string): boolean => type === 'date' || type === 'number' || type === 'quantity';

/** The modifier and prefix with which a parameter of its own asks for the same. */
type Meaning = readonly [modifier: string | undefined, prefix: string];

const plain: Meaning = [undefined, ''];
const prefixed = (...operators: FilterOperator[]): Partial<Record<FilterOperator, Meaning>> =>
  Object.fromEntries(operators.map((operator) => [operator, [undefined, operator]]));

const numbers = prefixed('eq', 'ne', 'gt', 'lt', 'ge', 'le', 'ap', 'sa', 'eb');

const meanings: Readonly<Record<string, Partial<Record<FilterOperator, Meaning>>>> = {
  uri: { eq: plain, ne: plain, ss: ['below', ''], sb: ['above', ''] },
  token: {
    eq: plain,
    ne: plain,
    in: ['in', ''],
    ni: ['not-in', ''],
    ss: ['below', ''],
    sb: ['above', ''],
    co: ['text', ''],
  },
  reference: { eq: plain, ne: plain, re: plain, ss: ['below', ''], sb: ['above', ''] },
  date: numbers,
  number: numbers,
  quantity: numbers,
};
