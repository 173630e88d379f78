import { type JsonValue, numberText, numberValue } from '#lib/json/index.ts';
import { isEqual } from './compare.ts';
import { type Collection, type Evaluator, none } from './compiled.ts';
import { unsupported } from './member.ts';

/** Undefined when a side is empty. */
export function areEqual(one: Collection, other: Collection): boolean | undefined {
  if (one.length === 0 || other.length === 0) return undefined;
  return one.length === other.length && one.every((value, index) => isEqual(value, other[index] as JsonValue));
}

export const holds = (values: Collection, value: JsonValue): boolean =>
  values.some((candidate) => isEqual(candidate, value));

/** Each value once. */
export function distinct(values: Collection): Collection {
  if (values.length < 2) return values;
  if (values.every((value) => typeof value === 'string')) return [...new Set(values)];
  const found: JsonValue[] = [];
  for (const value of values) if (!holds(found, value)) found.push(value);
  return found;
}

export const united = (one: Collection, other: Collection): Collection => distinct([...one, ...other]);

export const textOf = (value: JsonValue | undefined): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return value === undefined || value === null ? undefined : numberText(value);
};

/** `&` takes nothing for an empty text; `+` gives nothing when a side is empty. */
export function binaryMath(operator: string, left: Evaluator, right: Evaluator): Evaluator {
  const compute = operations.get(operator);
  if (operator === '&') {
    return {
      types: ['string'],
      run: (scope, around) => [
        (textOf(left.run(scope, around)[0]) ?? '') + (textOf(right.run(scope, around)[0]) ?? ''),
      ],
    };
  }
  if (!compute) throw unsupported(`the operator ${operator}`);
  return {
    types: undefined,
    run: (scope, around) => {
      const [one, other] = [left.run(scope, around)[0], right.run(scope, around)[0]];
      if (one === undefined || other === undefined) return none;
      if (operator === '+' && typeof one === 'string' && typeof other === 'string') return [one + other];
      const [first, second] = [numberValue(one), numberValue(other)];
      const result = first === undefined || second === undefined ? undefined : compute(first, second);
      return result === undefined || !Number.isFinite(result) ? none : [result];
    },
  };
}

const operations: ReadonlyMap<string, (one: number, other: number) => number> = new Map(
  Object.entries({
    '+': (one, other) => one + other,
    '-': (one, other) => one - other,
    '*': (one, other) => one * other,
    '/': (one, other) => one / other,
    div: (one, other) => Math.trunc(one / other),
    mod: (one, other) => one % other,
  } satisfies Record<string, (one: number, other: number) => number>),
);
