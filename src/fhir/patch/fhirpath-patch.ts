import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, numberValue } from '#lib/json/index.ts';
import { Effort } from './effort.ts';
import { inOperation } from './json-patch.ts';
import { addAt, deleteAt, insertAt, moveAt, replaceAt, type Target } from './patch-target.ts';
import { nameOf, type PatchValue, readValue } from './patch-value.ts';
import { type FindNodes, loadPathFinder } from './path-expression.ts';

interface Operation {
  type: string;
  path: string;
  name: string | undefined;
  value: PatchValue | undefined;
  index: number | undefined;
  source: number | undefined;
  destination: number | undefined;
}

/**
 * FHIRPath Patch of https://hl7.org/fhir/R4/fhirpatch.html: the changed resource; the given one stays as it is. Numbers
 * keep their digits. Fails as applyJsonPatch does.
 */
export async function applyFhirPathPatch(resource: JsonObject, parameters: JsonObject): Promise<JsonObject> {
  const list = parameters.parameter ?? [];
  if (!Array.isArray(list)) throw new Failure('structure', 'Parameters.parameter must be an array.');
  const effort = new Effort();
  effort.begin(list.length);
  const operations = list.map((parameter, index) => inOperation(index, () => parseOperation(parameter)));
  const find = await loadPathFinder();
  const changed = effort.copy(resource, 0) as JsonObject;
  for (const [index, operation] of operations.entries())
    inOperation(index, () => apply(changed, operation, find, effort));
  return changed;
}

function parseOperation(parameter: JsonValue): Operation {
  if (nameOf(parameter) !== 'operation') {
    throw new Failure('value', `The parameter must be called operation, not ${nameOf(parameter)}.`);
  }
  const parts = (parameter as JsonObject).part;
  if (!Array.isArray(parts)) throw new Failure('required', 'It needs parts: type, path and what the type asks for.');
  const byName = new Map<string, JsonObject>();
  for (const part of parts) {
    const name = nameOf(part);
    if (byName.has(name)) throw new Failure('value', `The part ${name} stands twice.`);
    byName.set(name, part as JsonObject);
  }
  const path = textOf(byName, 'path');
  if (path === undefined) throw new Failure('required', 'It needs the part path.');
  const value = byName.get('value');
  return {
    type: textOf(byName, 'type') ?? '',
    path,
    name: textOf(byName, 'name'),
    value: value && readValue(value),
    index: integerOf(byName, 'index'),
    source: integerOf(byName, 'source'),
    destination: integerOf(byName, 'destination'),
  };
}

function primitiveOf(parts: Map<string, JsonObject>, name: string): JsonValue | undefined {
  const part = parts.get(name);
  if (!part) return undefined;
  const value = readValue(part);
  return value.kind === 'value' ? value.value : undefined;
}

function textOf(parts: Map<string, JsonObject>, name: string): string | undefined {
  const value = primitiveOf(parts, name);
  if (value === undefined || typeof value === 'string') return value;
  throw new Failure('value', `The part ${name} must be a text.`);
}

function integerOf(parts: Map<string, JsonObject>, name: string): number | undefined {
  const value = primitiveOf(parts, name);
  if (value === undefined) return undefined;
  const number = numberValue(value);
  if (number !== undefined && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Failure('value', `The part ${name} must be a whole number from 0.`);
}

function apply(resource: JsonObject, operation: Operation, find: FindNodes, effort: Effort): void {
  const { path } = operation;
  const target: Target = { resource, path, find: (expression) => find(resource, expression, effort), effort };
  switch (operation.type) {
    case 'add':
      addAt(target, required(operation, 'name'), copied(required(operation, 'value'), effort));
      break;
    case 'insert':
      insertAt(target, required(operation, 'index'), copied(required(operation, 'value'), effort));
      break;
    case 'delete':
      deleteAt(target);
      break;
    case 'replace':
      replaceAt(target, copied(required(operation, 'value'), effort));
      break;
    case 'move':
      moveAt(target, required(operation, 'source'), required(operation, 'destination'));
      break;
    default:
      throw new Failure('value', 'Its type must be add, insert, delete, replace or move.');
  }
}

function required<Name extends keyof Operation>(operation: Operation, name: Name): NonNullable<Operation[Name]> {
  const value = operation[name];
  if (value === undefined || value === null)
    throw new Failure('required', `It needs the part ${name} to ${operation.type}.`);
  return value as NonNullable<Operation[Name]>;
}

/** Values must not be shared with the Parameters: a later operation may change them in place. */
function copied(value: PatchValue, effort: Effort): PatchValue {
  if (value.kind === 'resource') return { ...value, resource: effort.copy(value.resource, 1) as JsonObject };
  if (value.kind === 'parts') {
    return { ...value, parts: value.parts.map((part) => ({ name: part.name, value: copied(part.value, effort) })) };
  }
  const { value: content, sibling } = value;
  return {
    ...value,
    value: content === undefined ? undefined : effort.copy(content, 1),
    sibling: isJsonObject(sibling) ? (effort.copy(sibling, 1) as JsonObject) : undefined,
  };
}
