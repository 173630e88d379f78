import type { JsonValue } from '#lib/json/index.ts';
import { numberValue } from '#lib/json/index.ts';
import {
  type Collection,
  type Compile,
  type Evaluator,
  isObject,
  none,
  predicate,
  type Scope,
  type Surroundings,
  truthOf,
  valueless,
} from './compiled.ts';
import { childrenOf, descendantsOf, isOfType, isPrimitive, ofResourceType, plainType, unsupported } from './member.ts';
import { distinct, holds, textOf, united } from './operators.ts';
import type { Expression } from './parse.ts';
import { compileTextFunction } from './text-functions.ts';

type Call = Expression & { kind: 'call' };

interface Setting {
  readonly call: Call;
  readonly target: Evaluator;
  readonly scope: Scope;
  readonly compile: Compile;
}

export function compileCall(call: Call, target: Evaluator, scope: Scope, compile: Compile): Evaluator {
  const setting = { call, target, scope, compile };
  const build = functions.get(call.name);
  if (build) return build(setting);
  const argument = call.args[0] && compile(call.args[0], scope);
  const second = call.args[1] && compile(call.args[1], scope);
  return compileTextFunction(call.name, target, argument, second, scope.isTrusted);
}

/** An argument that is evaluated for each value of the target. */
const lambda = ({ call, target, scope, compile }: Setting): Evaluator | undefined =>
  call.args[0] && compile(call.args[0], { ...scope, types: target.types });

/** An argument that is evaluated once, where the call stands. */
function argument({ call, scope, compile }: Setting, index = 0): Evaluator {
  const expression = call.args[index];
  if (!expression) throw unsupported(`${call.name}() without argument ${index + 1}`);
  return compile(expression, scope);
}

const typeArgument = ({ call }: Setting): string => {
  const [type] = call.args;
  if (type?.kind !== 'member') throw unsupported(`${call.name}() without a type`);
  return plainType(type.name);
};

function where(setting: Setting): Evaluator {
  const { target } = setting;
  const criterion = lambda(setting);
  if (!criterion) return target;
  const test = truthOf(criterion);
  return {
    types: target.types,
    run: (scope, around) => target.run(scope, around).filter((value) => test([value], around) === true),
    ...(target.narrow && { narrow: (type: string) => where({ ...setting, target: (target.narrow as Narrow)(type) }) }),
  };
}

type Narrow = (type: string) => Evaluator;

const some = (setting: Setting, isWanted: boolean): Evaluator => {
  const found = where(setting);
  return predicate((scope, around) => found.run(scope, around).length > 0 === isWanted);
};

function every(setting: Setting): Evaluator {
  const test = truthOf(lambda(setting) ?? setting.target);
  const { target } = setting;
  return predicate((scope, around) => target.run(scope, around).every((value) => test([value], around) === true));
}

const pick = ({ target }: Setting, choose: (values: Collection) => Collection): Evaluator => ({
  types: target.types,
  run: (scope, around) => choose(target.run(scope, around)),
});

function ofType(setting: Setting): Evaluator {
  const { target } = setting;
  const type = typeArgument(setting);
  if (target.narrow) return target.narrow(type);
  if (!target.types) throw unsupported(`${setting.call.name}(${type}) of values whose type is not known`);
  if (target.types.includes('Resource')) return ofResourceType(target, type);
  if (target.types.every((known) => isOfType(known, type))) return target;
  if (target.types.some((known) => isOfType(known, type))) throw unsupported(`a choice of types before ${type}`);
  return { types: [type], run: () => none };
}

function is(setting: Setting): Evaluator {
  const { target } = setting;
  const narrowed = ofType(setting);
  return predicate((scope, around) =>
    target.run(scope, around).length === 0 ? undefined : narrowed.run(scope, around).length > 0,
  );
}

function select(setting: Setting): Evaluator {
  const { target } = setting;
  const projection = lambda(setting) ?? target;
  return {
    types: projection.types,
    run: (scope, around) => target.run(scope, around).flatMap((value) => [...projection.run([value], around)]),
  };
}

function iif({ call, scope, target, compile }: Setting): Evaluator {
  const inner = { ...scope, types: target.types };
  const [condition, then, otherwise] = call.args.map((part) => compile(part, inner));
  if (!condition || !then) throw unsupported('iif() with fewer than two arguments');
  const test = truthOf(condition);
  return {
    types: undefined,
    run: (outer, around) => {
      const values = target.run(outer, around);
      return test(values, around) === true ? then.run(values, around) : (otherwise?.run(values, around) ?? none);
    },
  };
}

const hasValue = ({ target }: Setting): Evaluator =>
  predicate((scope, around) => {
    const [only, ...more] = target.run(scope, around);
    return only !== undefined && more.length === 0 && only !== valueless && !isObject(only);
  });

const truths = (setting: Setting, isAll: boolean, wanted: boolean): Evaluator =>
  predicate((scope, around) => {
    const values = setting.target.run(scope, around);
    return isAll ? values.every((value) => value === wanted) : values.some((value) => value === wanted);
  });

/** `extension('url')`: those with this address. */
function extension(setting: Setting): Evaluator {
  if (setting.target.types?.every(isPrimitive)) throw unsupported('extension() of a primitive');
  const url = argument(setting);
  return {
    types: ['Extension'],
    run: (scope, around) => {
      const [wanted] = url.run(scope, around);
      const extensions = setting.target
        .run(scope, around)
        .flatMap((value) => (isObject(value) && Array.isArray(value.extension) ? value.extension : []));
      return extensions.filter((value) => isObject(value) && value.url === wanted);
    },
  };
}

function memberOf(setting: Setting): Evaluator {
  const valueSet = argument(setting);
  return predicate((scope, around) => {
    const [value] = setting.target.run(scope, around);
    const [url] = valueSet.run(scope, around);
    if (value === undefined || typeof url !== 'string') return undefined;
    return around.memberOf?.(value, url) ?? true;
  });
}

function resolve({ target }: Setting): Evaluator {
  return {
    types: ['Resource'],
    run: (scope, around) =>
      target.run(scope, around).flatMap((value) => {
        const reference = isObject(value) ? value.reference : value;
        const found = typeof reference === 'string' ? around.resolve?.(reference) : undefined;
        return found ? [found] : [];
      }),
  };
}

const combine = (setting: Setting, join: (one: Collection, other: Collection) => Collection): Evaluator => {
  const other = argument(setting);
  const types = setting.target.types && other.types && [...new Set([...setting.target.types, ...other.types])];
  return { types, run: (scope, around) => join(setting.target.run(scope, around), other.run(scope, around)) };
};

const compared = (setting: Setting, test: (one: Collection, other: Collection) => boolean): Evaluator => {
  const other = argument(setting);
  return predicate((scope, around) => test(setting.target.run(scope, around), other.run(scope, around)));
};

const slice = (setting: Setting, cut: (values: Collection, count: number) => Collection): Evaluator => {
  const count = argument(setting);
  return {
    types: setting.target.types,
    run: (scope, around) => cut(setting.target.run(scope, around), numberValue(count.run(scope, around)[0]) ?? 0),
  };
};

const walk = ({ target }: Setting, step: (value: JsonValue) => JsonValue[]): Evaluator => ({
  types: undefined,
  run: (scope, around) => target.run(scope, around).flatMap((value) => step(value)),
});

const functions = new Map<string, (setting: Setting) => Evaluator>(
  Object.entries({
    where,
    exists: (setting) => some(setting, true),
    empty: (setting) => some(setting, false),
    not: ({ target }) => {
      const test = truthOf(target);
      return predicate((scope, around) => {
        const truth = test(scope, around);
        return truth === undefined ? undefined : !truth;
      });
    },
    all: every,
    select,
    iif,
    is,
    as: ofType,
    ofType,
    hasValue,
    extension,
    memberOf,
    resolve,
    count: ({ target }) => ({ types: ['integer'], run: (scope, around) => [target.run(scope, around).length] }),
    first: (setting) => pick(setting, (values) => values.slice(0, 1)),
    single: (setting) => pick(setting, (values) => values.slice(0, 1)),
    last: (setting) => pick(setting, (values) => values.slice(-1)),
    tail: (setting) => pick(setting, (values) => values.slice(1)),
    distinct: (setting) => pick(setting, distinct),
    trace: (setting) => pick(setting, (values) => values),
    skip: (setting) => slice(setting, (values, count) => values.slice(count)),
    take: (setting) => slice(setting, (values, count) => values.slice(0, count)),
    isDistinct: ({ target }) =>
      predicate((scope, around) => {
        const values = target.run(scope, around);
        return distinct(values).length === values.length;
      }),
    allTrue: (setting) => truths(setting, true, true),
    anyTrue: (setting) => truths(setting, false, true),
    allFalse: (setting) => truths(setting, true, false),
    anyFalse: (setting) => truths(setting, false, false),
    union: (setting) => combine(setting, united),
    combine: (setting) => combine(setting, (one, other) => [...one, ...other]),
    intersect: (setting) => combine(setting, (one, other) => distinct(one.filter((value) => holds(other, value)))),
    exclude: (setting) => combine(setting, (one, other) => one.filter((value) => !holds(other, value))),
    subsetOf: (setting) => compared(setting, (one, other) => one.every((value) => holds(other, value))),
    supersetOf: (setting) => compared(setting, (one, other) => other.every((value) => holds(one, value))),
    children: (setting) => walk(setting, childrenOf),
    descendants: (setting) => walk(setting, (value) => descendantsOf(value)),
    htmlChecks: () => predicate(() => true),
    toString: ({ target }: Setting): Evaluator => ({
      types: ['string'],
      run: (scope: Collection, around: Surroundings): Collection => {
        const text = textOf(target.run(scope, around)[0]);
        return text === undefined ? none : [text];
      },
    }),
  } satisfies Record<string, (setting: Setting) => Evaluator>),
);
