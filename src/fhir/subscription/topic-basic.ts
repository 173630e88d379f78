import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import { isJsonObject } from '#lib/json/index.ts';
import type { Topic } from './topic.ts';

const prefix = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic';

/** Elements of SubscriptionTopic in R5 that are not plain strings, by name. */
const valueTypes: Record<string, string> = {
  url: 'valueUri',
  resource: 'valueUri',
  status: 'valueCode',
  supportedInteraction: 'valueCode',
  resultForCreate: 'valueCode',
  resultForDelete: 'valueCode',
  modifier: 'valueCode',
  comparator: 'valueCode',
  description: 'valueMarkdown',
  requireBoth: 'valueBoolean',
};

function extensionsOf(element: JsonObject, nameOf: (name: string) => string): JsonObject[] {
  return Object.entries(element).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => extensionOf(name, nameOf(name), item)),
  );
}

function extensionOf(name: string, url: string, value: JsonValue | undefined): JsonObject {
  if (isJsonObject(value)) return { url, extension: extensionsOf(value, (part) => part) };
  return { url, [valueTypes[name] ?? 'valueString']: value ?? null };
}

/**
 * A topic as R4 can hold it: Basic with the extensions for elements of R5, so that clients find it by search.
 * https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/components.html#subscription-topics-in-fhir-r4
 */
export function topicToBasic({ source }: Topic, id: string): JsonObject {
  const { resourceType: _, id: __, ...elements } = source;
  return {
    resourceType: 'Basic',
    id,
    extension: extensionsOf(elements, (name) => `${prefix}.${name}`),
    code: { coding: [{ system: 'http://hl7.org/fhir/fhir-types', code: 'SubscriptionTopic' }] },
  };
}
