/**
 * FHIRPath, compiled to closures over plain JSON with the types known beforehand from the definitions. Covers what the
 * invariants of R4 and of profiles need; the rest is refused by name. http://hl7.org/fhirpath/N1/
 */
import type { JsonValue } from '#lib/json/index.ts';
import { isInOrder, type Order } from './compare.ts';
import {
  type Collection,
  type Evaluator,
  none,
  predicate,
  type Scope,
  type Surroundings,
  truthOf,
} from './compiled.ts';
import { compileCall } from './functions.ts';
import { compileMember, unsupported } from './member.ts';
import { areEqual, binaryMath, holds, united } from './operators.ts';
import { type Expression, parseExpression } from './parse.ts';

/** Whether an invariant holds of a value. An empty result holds: what is not there breaks no rule about it. */
export type Invariant = (value: JsonValue, around: Surroundings) => boolean;

/** An invariant on values of these types. Fails with `not-supported`. */
export function compileInvariant(
  expression: string,
  types: readonly string[],
  resourceType: string | undefined,
  isTrusted = false,
): Invariant {
  const test = truthOf(compile(parseExpression(expression), scopeOf(types, resourceType, isTrusted)));
  if (!expression.includes('%context')) return (value, around) => test([value], around) !== false;
  return (value, around) => test([value], { ...around, context: value }) !== false;
}

/** An expression that stands on values of a type, to be evaluated for its values. Fails with `not-supported`. */
export function compileExpression(expression: string, type: string | undefined): Evaluator {
  return compile(parseExpression(expression), scopeOf(type === undefined ? undefined : [type], type, false));
}

function scopeOf(types: readonly string[] | undefined, rootType: string | undefined, isTrusted: boolean): Scope {
  return { types, contextTypes: types, rootType, isTrusted };
}

const thisOf = ({ types }: Scope): Evaluator => {
  const self: Evaluator = { types, run: (scope) => scope };
  return self;
};

function compile(expression: Expression, scope: Scope): Evaluator {
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value);
    case 'empty':
      return { types: [], run: () => none };
    case 'this':
      return thisOf(scope);
    case 'variable':
      return variable(expression.name, scope);
    case 'member':
      return member(expression, scope);
    case 'call':
      return compileCall(
        expression,
        expression.target ? compile(expression.target, scope) : thisOf(scope),
        scope,
        compile,
      );
    case 'item':
      return item(compile(expression.target, scope), compile(expression.index, scope));
    case 'binary':
      return binary(expression.operator, compile(expression.left, scope), compile(expression.right, scope));
  }
}

function literal(value: string | number | boolean): Evaluator {
  const values: Collection = Object.freeze([value]);
  if (typeof value === 'boolean') return predicate(() => value);
  return { types: [typeof value === 'string' ? 'string' : 'decimal'], run: () => values };
}

function variable(name: string, scope: Scope): Evaluator {
  if (name === 'resource') {
    return {
      types: scope.rootType === undefined ? ['Resource'] : [scope.rootType],
      run: (_, { resource }) => [resource],
    };
  }
  if (name === 'rootResource') return { types: ['Resource'], run: (_, { root }) => [root] };
  if (name === 'context')
    return { types: scope.contextTypes, run: (_, { context }) => (context === undefined ? none : [context]) };
  const address = addresses.get(name) ?? addressOf(name);
  if (address === undefined) throw unsupported(`the variable %${name}`);
  return literal(address);
}

const addresses = new Map([
  ['ucum', 'http://unitsofmeasure.org'],
  ['sct', 'http://snomed.info/sct'],
  ['loinc', 'http://loinc.org'],
]);

const addressOf = (name: string): string | undefined =>
  /^(vs|ext)-/.test(name)
    ? `http://hl7.org/fhir/${name[0] === 'v' ? 'ValueSet' : 'StructureDefinition'}/${name.replace(/^\w+-/, '')}`
    : undefined;

/** The first name of a path may be that of the type on which the expression stands. */
function member({ target, name }: Expression & { kind: 'member' }, scope: Scope): Evaluator {
  if (target) return compileMember(compile(target, scope), name);
  if (/^[A-Z]/.test(name) && scope.types?.length === 1 && [scope.types[0], 'Resource'].includes(name))
    return thisOf(scope);
  return compileMember(thisOf(scope), name);
}

function item(target: Evaluator, index: Evaluator): Evaluator {
  return {
    types: target.types,
    run: (scope, around) => {
      const at = index.run(scope, around)[0];
      const value = typeof at === 'number' ? target.run(scope, around)[at] : undefined;
      return value === undefined ? none : [value];
    },
  };
}

function binary(operator: string, left: Evaluator, right: Evaluator): Evaluator {
  switch (operator) {
    case 'and':
    case 'or':
    case 'xor':
    case 'implies':
      return logic(operator, truthOf(left), truthOf(right));
    case '=':
    case '~':
      return predicate((scope, around) => areEqual(left.run(scope, around), right.run(scope, around)));
    case '!=':
    case '!~':
      return predicate((scope, around) => {
        const equal = areEqual(left.run(scope, around), right.run(scope, around));
        return equal === undefined ? undefined : !equal;
      });
    case '<':
    case '>':
    case '<=':
    case '>=':
      return inOrder(left, operator, right);
    case '|':
      return {
        types: left.types && right.types && [...new Set([...left.types, ...right.types])],
        run: (scope, around) => united(left.run(scope, around), right.run(scope, around)),
      };
    case 'in':
      return predicate((scope, around) => {
        const [value] = left.run(scope, around);
        return value === undefined ? undefined : holds(right.run(scope, around), value);
      });
    case 'contains':
      return predicate((scope, around) => {
        const [value] = right.run(scope, around);
        return value === undefined ? undefined : holds(left.run(scope, around), value);
      });
    default:
      return binaryMath(operator, left, right);
  }
}

function inOrder(left: Evaluator, operator: Order, right: Evaluator): Evaluator {
  return predicate((scope, around) => {
    const [one, other] = [left.run(scope, around)[0], right.run(scope, around)[0]];
    return one === undefined || other === undefined ? undefined : isInOrder(one, operator, other);
  });
}

type Test = (scope: Collection, around: Surroundings) => boolean | undefined;

/** Three-valued logic. http://hl7.org/fhirpath/N1/#boolean-logic */
function logic(operator: string, left: Test, right: Test): Evaluator {
  if (operator === 'and') {
    return predicate((scope, around) => {
      const one = left(scope, around);
      if (one === false) return false;
      const other = right(scope, around);
      return other === false ? false : one === undefined ? undefined : other;
    });
  }
  if (operator === 'or') {
    return predicate((scope, around) => {
      const one = left(scope, around);
      if (one === true) return true;
      const other = right(scope, around);
      return other === true ? true : one === undefined ? undefined : other;
    });
  }
  if (operator === 'implies') {
    return predicate((scope, around) => {
      const one = left(scope, around);
      if (one === false) return true;
      const other = right(scope, around);
      return other === true ? true : one === undefined ? undefined : other;
    });
  }
  return predicate((scope, around) => {
    const [one, other] = [left(scope, around), right(scope, around)];
    return one === undefined || other === undefined ? undefined : one !== other;
  });
}
