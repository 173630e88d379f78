import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isResourceType } from '../definitions/index.ts';
import type { Condition } from '../search/condition.ts';
import type { Search } from '../search/index.ts';
import { parseWatch } from './watch.ts';

export type ChangeKind = 'create' | 'update' | 'delete';

/** What makes an event. https://hl7.org/fhir/R5/subscriptiontopic.html */
export interface Trigger {
  readonly resource: string;
  readonly kinds: ReadonlySet<ChangeKind>;
  readonly previous?: Condition;
  readonly current?: Condition;
  readonly requireBoth: boolean;
  /** Whether a creation passes the test of a previous version that it does not have; likewise for a deletion. */
  readonly passesOnCreate: boolean;
  readonly passesOnDelete: boolean;
  readonly expression?: Expression;
}

export type Expression = (
  resource: JsonObject,
  previous: JsonObject | undefined,
  current: JsonObject | undefined,
) => boolean;

export interface Filter {
  readonly resource?: string;
  readonly parameter: string;
  readonly modifiers?: readonly string[];
  readonly comparators?: readonly string[];
}

export interface Topic {
  readonly url: string;
  readonly title: string;
  readonly triggers: readonly Trigger[];
  readonly filters: readonly Filter[];
  /** As in R5, for clients that look for topics. */
  readonly source: JsonObject;
}

const allKinds: readonly ChangeKind[] = ['create', 'update', 'delete'];

const objects = (value: JsonValue | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter((item): item is JsonObject => isJsonObject(item)) : [];
const texts = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
const text = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads a topic as an R5 SubscriptionTopic; fails with `value` or `required` where it cannot be carried out. */
export async function parseTopic(source: JsonObject, search: Search): Promise<Topic> {
  const url = text(source.url);
  if (!url) throw new Failure('required', 'A topic needs a url.');
  const triggers: Trigger[] = [];
  for (const trigger of objects(source.resourceTrigger)) triggers.push(await parseTrigger(url, trigger, search));
  if (triggers.length === 0) throw new Failure('required', `The topic ${url} needs a resourceTrigger.`);
  const filters = objects(source.canFilterBy).map((filter) => parseFilter(url, filter));
  return { url, title: text(source.title) ?? url, triggers, filters, source };
}

/** `http://hl7.org/fhir/StructureDefinition/Encounter` or `Encounter`. */
function typeOf(url: string, value: JsonValue | undefined): string {
  const type = text(value)?.replace(/^.*\//, '') ?? '';
  if (isResourceType(type)) return type;
  throw new Failure('value', `The topic ${url} names "${type}", which is no resource type of R4.`);
}

async function parseTrigger(url: string, trigger: JsonObject, search: Search): Promise<Trigger> {
  const resource = typeOf(url, trigger.resource);
  const kinds = texts(trigger.supportedInteraction);
  const odd = kinds.find((kind) => !(allKinds as readonly string[]).includes(kind));
  if (odd) throw new Failure('value', `The topic ${url} has the interaction "${odd}": write create, update or delete.`);
  const query = isJsonObject(trigger.queryCriteria) ? trigger.queryCriteria : {};
  const condition = async (value: JsonValue | undefined): Promise<Condition | undefined> => {
    const written = text(value);
    return written === undefined ? undefined : (await parseWatch(written, search, resource)).condition;
  };
  const previous = await condition(query.previous);
  const current = await condition(query.current);
  const expression = text(trigger.fhirPathCriteria);
  return {
    resource,
    kinds: new Set(kinds.length === 0 ? allKinds : (kinds as ChangeKind[])),
    ...(previous && { previous }),
    ...(current && { current }),
    requireBoth: query.requireBoth === true,
    passesOnCreate: query.resultForCreate === 'test-passes',
    passesOnDelete: query.resultForDelete === 'test-passes',
    ...(expression && { expression: await compileExpression(url, expression) }),
  };
}

function parseFilter(url: string, filter: JsonObject): Filter {
  const parameter = text(filter.filterParameter);
  if (!parameter) throw new Failure('required', `A canFilterBy of the topic ${url} needs a filterParameter.`);
  return {
    parameter,
    ...(filter.resource !== undefined && { resource: typeOf(url, filter.resource) }),
    ...(filter.modifier !== undefined && { modifiers: texts(filter.modifier) }),
    ...(filter.comparator !== undefined && { comparators: texts(filter.comparator) }),
  };
}

type Evaluate = (resource: JsonObject, variables: Record<string, unknown>) => unknown;

/**
 * `%previous` and `%current` stand for the versions; the expression is evaluated on the one that there is. The engine takes
 * a moment to load: only for topics that need it.
 */
async function compileExpression(url: string, expression: string): Promise<Expression> {
  const { default: fhirpath } = await import('fhirpath');
  const { default: model } = await import('fhirpath/fhir-context/r4/index.js');
  let evaluate: Evaluate;
  try {
    evaluate = fhirpath.compile(expression, model) as Evaluate;
  } catch (error) {
    throw new Failure('value', `The fhirPathCriteria of the topic ${url} cannot be read: ${(error as Error).message}`);
  }
  return (resource, previous, current) => {
    const result = evaluate(resource, { previous: previous ?? [], current: current ?? [] });
    return Array.isArray(result) && result.length > 0 && result[0] !== false;
  };
}
