import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, numberText } from '#lib/json/index.ts';
import type { OperationRequest } from './operation.ts';

/** The input of an operation, whether it came in the address, in Parameters, or as a resource of its own. */
export interface OperationInput {
  /** Names in the order in which they came, each once. */
  readonly names: readonly string[];
  /** The value of a primitive type as text; the first, when it is repeated. */
  text(name: string): string | undefined;
  texts(name: string): string[];
  /** Fails with `value` unless it is true or false. */
  boolean(name: string): boolean | undefined;
  /** Fails with `value` unless it is a whole number from 0. */
  integer(name: string): number | undefined;
  /** `value[x]` of any type, or the parameter of the address as text. */
  values(name: string): JsonValue[];
  /** `value[x]` of a data type, such as a Coding; fails with `value` when it is something else. */
  object(name: string): JsonObject | undefined;
  objects(name: string): JsonObject[];
  resources(name: string): JsonObject[];
  resource(name: string): JsonObject | undefined;
  parts(name: string): OperationInput[];
}

interface Entry {
  name: string;
  value?: JsonValue;
  resource?: JsonObject;
  parts?: JsonValue[];
}

/** https://hl7.org/fhir/R4/operations.html#request: a body that is not Parameters is the parameter `resource`. */
export function readOperationInput({ parameters, resource }: Pick<OperationRequest, 'parameters' | 'resource'>) {
  const fromAddress = parameters.map(([name, value]): Entry => ({ name, value }));
  return inputOf([...fromAddress, ...fromBody(resource)]);
}

function fromBody(resource: JsonObject | undefined): Entry[] {
  if (!resource) return [];
  if (resource.resourceType !== 'Parameters') return [{ name: 'resource', resource }];
  return entriesOf(resource.parameter);
}

function entriesOf(parameters: JsonValue | undefined): Entry[] {
  if (parameters === undefined) return [];
  if (!Array.isArray(parameters)) throw new Failure('structure', 'Parameters.parameter must be an array.');
  return parameters.map((parameter, index) => {
    if (!isJsonObject(parameter) || typeof parameter.name !== 'string') {
      throw new Failure('structure', `Parameters.parameter[${index}] must be an object with a name.`);
    }
    const { name, resource, part } = parameter;
    const key = Object.keys(parameter).find((candidate) => /^value[A-Z]/.test(candidate));
    const value = key === undefined ? undefined : parameter[key];
    return {
      name,
      ...(value !== undefined && { value }),
      ...(isJsonObject(resource) && { resource }),
      ...(Array.isArray(part) && { parts: part }),
    };
  });
}

function inputOf(entries: readonly Entry[]): OperationInput {
  const named = (name: string) => entries.filter((entry) => entry.name === name);
  const values = (name: string) => named(name).flatMap(({ value }) => (value === undefined ? [] : [value]));
  const texts = (name: string) => values(name).map((value) => textOf(name, value));
  const objects = (name: string) => values(name).map((value) => objectOf(name, value));
  const resources = (name: string) => named(name).flatMap(({ resource }) => (resource ? [resource] : []));
  return {
    names: [...new Set(entries.map(({ name }) => name))],
    text: (name) => texts(name)[0],
    texts,
    boolean: (name) => booleanOf(name, texts(name)[0]),
    integer: (name) => integerOf(name, texts(name)[0]),
    values,
    object: (name) => objects(name)[0],
    objects,
    resources,
    resource: (name) => resources(name)[0],
    parts: (name) => named(name).flatMap(({ parts }) => (parts ? [inputOf(entriesOf(parts))] : [])),
  };
}

function textOf(name: string, value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value !== null && !Array.isArray(value)) {
    const digits = numberText(value);
    if (digits !== undefined) return digits;
  }
  throw new Failure('value', `The parameter ${name} must have a primitive value.`);
}

function objectOf(name: string, value: JsonValue): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Failure('value', `The parameter ${name} must have a value of a complex type; send it in Parameters.`);
}

function booleanOf(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Failure('value', `The parameter ${name} must be true or false, not "${text.slice(0, 100)}".`);
}

function integerOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Failure('value', `The parameter ${name} must be a whole number from 0, not "${text.slice(0, 100)}".`);
}
