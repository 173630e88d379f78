import type { JsonObject } from '#lib/json/index.ts';
import type { CodeSystem } from './code-system.ts';
import type { Concept } from './concept.ts';
import { type Condition, isField } from './condition.ts';
import { objectsAt, textAt } from './element.ts';
import { terminologyFault } from './fault.ts';
import { compilePattern } from './pattern.ts';

const known = new WeakMap<JsonObject, WeakMap<CodeSystem, Promise<Condition>>>();

/**
 * The condition of a filter of compose.include, kept as long as the value set is.
 * https://hl7.org/fhir/R4/valueset-filter-operator.html
 */
export function readFilter(codeSystem: CodeSystem, filter: JsonObject, path: string): Promise<Condition> {
  const conditions = known.get(filter) ?? new WeakMap<CodeSystem, Promise<Condition>>();
  known.set(filter, conditions);
  const condition = conditions.get(codeSystem) ?? readNewFilter(codeSystem, filter, path);
  conditions.set(codeSystem, condition);
  condition.catch(() => conditions.delete(codeSystem));
  return condition;
}

async function readNewFilter(codeSystem: CodeSystem, filter: JsonObject, path: string): Promise<Condition> {
  const property = textAt(filter, 'property') ?? '';
  const operator = textAt(filter, 'op') ?? '';
  const value = textAt(filter, 'value');
  if (value === undefined) {
    throw terminologyFault({
      status: 400,
      code: 'invalid',
      detail: 'vs-invalid',
      messageId: 'UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE',
      text: `The filter ${property} ${operator} on ${codeSystem.url} has no value. Give it one.`,
      expression: path,
    });
  }
  const condition = await conditionOf(codeSystem, property, operator, value);
  if (condition) return condition;
  throw terminologyFault({
    status: 400,
    code: 'not-supported',
    detail: 'vs-invalid',
    messageId: 'FILTER_NOT_UNDERSTOOD',
    text: `The filter ${property} ${operator} ${value} means nothing to the code system ${codeSystem.url}.`,
    expression: path,
  });
}

async function conditionOf(
  codeSystem: CodeSystem,
  property: string,
  operator: string,
  value: string,
): Promise<Condition | undefined> {
  const isHierarchical = ['concept', 'code', codeSystem.names.parent].includes(property);
  const hierarchical = isHierarchical ? await hierarchyCondition(codeSystem, operator, value) : undefined;
  if (hierarchical) return hierarchical;
  if (property === codeSystem.names.parent && operator === '=')
    return hierarchyCondition(codeSystem, 'child-of', value);
  if (property === codeSystem.names.child && operator === '=')
    return hierarchyCondition(codeSystem, 'parent-of', value);
  return propertyCondition(codeSystem, property === 'concept' ? 'code' : property, operator, value);
}

const nothing: Condition = { kind: 'among', numbers: [] };

async function hierarchyCondition(
  { concepts }: CodeSystem,
  operator: string,
  value: string,
): Promise<Condition | undefined> {
  if (!hierarchyOperators.has(operator)) return undefined;
  const [concept] = await concepts.find([value]);
  if (!concept) return operator === 'is-not-a' ? { kind: 'not', condition: nothing } : nothing;
  return conditionOn(concept, operator);
}

const hierarchyOperators = new Set([
  'is-a',
  'descendent-of',
  'descendant-of',
  'is-not-a',
  'child-of',
  'descendent-leaf',
  'generalizes',
  'parent-of',
]);

function conditionOn({ number, parents, ancestors }: Concept, operator: string): Condition {
  switch (operator) {
    case 'is-a':
      return { kind: 'below', number, orSelf: true };
    case 'is-not-a':
      return { kind: 'not', condition: { kind: 'below', number, orSelf: true } };
    case 'child-of':
      return { kind: 'child', number };
    case 'generalizes':
      return { kind: 'among', numbers: [number, ...ancestors] };
    case 'parent-of':
      return { kind: 'among', numbers: parents };
    case 'descendent-leaf':
      return { kind: 'all', conditions: [{ kind: 'below', number, orSelf: false }, { kind: 'leaf' }] };
    default:
      return { kind: 'below', number, orSelf: false };
  }
}

const isDefined = ({ resource, names }: CodeSystem, code: string): boolean =>
  isField(code) ||
  Object.values(names).includes(code) ||
  objectsAt(resource, 'property').some((property) => property.code === code) ||
  objectsAt(resource, 'filter').some((filter) => filter.code === code);

async function propertyCondition(
  codeSystem: CodeSystem,
  property: string,
  operator: string,
  value: string,
): Promise<Condition | undefined> {
  if (!isDefined(codeSystem, property)) return undefined;
  switch (operator) {
    case '=':
      return isOneOf(codeSystem, property, [value]);
    case 'in':
      return isOneOf(codeSystem, property, splitValues(value));
    case 'not-in':
      return { kind: 'not', condition: await isOneOf(codeSystem, property, splitValues(value)) };
    case 'regex': {
      const pattern = compilePattern(value);
      return { kind: 'pattern', code: property, matches: (text) => pattern.matches(text) };
    }
    case 'exists': {
      const exists: Condition = isField(property)
        ? { kind: 'not', condition: { kind: 'field', field: property, values: [''] } }
        : { kind: 'exists', code: property };
      return value === 'false' ? { kind: 'not', condition: exists } : exists;
    }
    default:
      return undefined;
  }
}

const splitValues = (value: string): string[] => value.split(',').map((one) => one.trim());

async function isOneOf(
  { names, concepts }: CodeSystem,
  property: string,
  values: readonly string[],
): Promise<Condition> {
  if (property === 'code') {
    const found = await concepts.find(values);
    return { kind: 'among', numbers: found.flatMap((concept) => concept?.number ?? []) };
  }
  if (isField(property)) return { kind: 'field', field: property, values };
  if (property === names.inactive) return flag({ kind: 'not', condition: { kind: 'active' } }, values);
  return { kind: 'property', code: property, values };
}

/** `inactive` is false where nothing is said, and true by status too. */
function flag(isSet: Condition, values: readonly string[]): Condition {
  const wanted = new Set(values);
  if (wanted.has('true') && wanted.has('false')) return { kind: 'not', condition: nothing };
  if (wanted.has('true')) return isSet;
  return wanted.has('false') ? { kind: 'not', condition: isSet } : nothing;
}
