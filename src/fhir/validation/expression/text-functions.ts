import { numberValue } from '#lib/json/index.ts';
import { replaceBounded, testBounded } from './bounded.ts';
import { type Collection, type Evaluator, none, predicate, type Surroundings } from './compiled.ts';
import { unsupported } from './member.ts';
import { textOf } from './operators.ts';

type Text = (scope: Collection, around: Surroundings) => string | undefined;

const textFrom =
  (evaluator: Evaluator | undefined): Text =>
  (scope, around) =>
    textOf(evaluator?.run(scope, around)[0]);

const tests: ReadonlyMap<string, (text: string, other: string) => boolean> = new Map(
  Object.entries({
    startsWith: (text, start) => text.startsWith(start),
    endsWith: (text, end) => text.endsWith(end),
    contains: (text, part) => text.includes(part),
  } satisfies Record<string, (text: string, other: string) => boolean>),
);

type Conversion = (text: string) => string | number | undefined;

const conversions = new Map<string, Conversion>(
  Object.entries({
    upper: (text) => text.toUpperCase(),
    lower: (text) => text.toLowerCase(),
    trim: (text) => text.trim(),
    length: (text) => [...text].length,
    toInteger: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined),
    toDecimal: (text) => (/^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined),
  } satisfies Record<string, Conversion>),
);

const known = new Map<string, RegExp>();

/** `s`: a dot also stands for a line break, as FHIRPath asks. */
function regularExpression(pattern: string): RegExp {
  let expression = known.get(pattern);
  if (!expression) {
    expression = new RegExp(pattern, 's');
    if (known.size < 1000) known.set(pattern, expression);
  }
  return expression;
}

/** The functions on text. http://hl7.org/fhirpath/N1/#string-manipulation */
export function compileTextFunction(
  name: string,
  target: Evaluator,
  first: Evaluator | undefined,
  second: Evaluator | undefined,
  isTrusted: boolean,
): Evaluator {
  const [text, one, two] = [textFrom(target), textFrom(first), textFrom(second)];
  const test = tests.get(name) ?? patternTest(name, isTrusted);
  if (test && first) {
    return predicate((scope, around) => {
      const [value, other] = [text(scope, around), one(scope, around)];
      return value === undefined || other === undefined ? undefined : test(value, other);
    });
  }
  const convert = conversions.get(name);
  if (convert) return giving((scope, around) => mapped(text(scope, around), convert));
  if (name === 'replace' || name === 'replaceMatches') {
    return giving((scope, around) => {
      const [value, pattern, substitution] = [text(scope, around), one(scope, around), two(scope, around)];
      if (value === undefined || pattern === undefined || substitution === undefined) return undefined;
      return name === 'replace'
        ? value.replaceAll(pattern, () => substitution)
        : replaceBounded(value, new RegExp(pattern, 'gs'), substitution);
    });
  }
  if (name === 'substring' && first) {
    return giving((scope, around) => {
      const start = numberValue(first.run(scope, around)[0]) ?? 0;
      const length = second && numberValue(second.run(scope, around)[0]);
      const value = text(scope, around);
      if (value === undefined || start < 0 || start >= value.length) return undefined;
      return value.slice(start, length === undefined ? undefined : start + length);
    });
  }
  if (name === 'indexOf' && first) {
    return giving((scope, around) => mapped(text(scope, around), (value) => value.indexOf(one(scope, around) ?? '')));
  }
  throw unsupported(`the function ${name}()`);
}

function patternTest(name: string, isTrusted: boolean): ((text: string, pattern: string) => boolean) | undefined {
  if (name !== 'matches' && name !== 'matchesFull') return undefined;
  return (text, pattern) => {
    const expression = regularExpression(name === 'matches' ? pattern : `^(?:${pattern})$`);
    return isTrusted ? expression.test(text) : testBounded(expression, text);
  };
}

const mapped = <T>(text: string | undefined, change: (text: string) => T): T | undefined =>
  text === undefined ? undefined : change(text);

function giving(compute: (scope: Collection, around: Surroundings) => string | number | undefined): Evaluator {
  return {
    types: undefined,
    run: (scope, around) => {
      const value = compute(scope, around);
      return value === undefined ? none : [value];
    },
  };
}
