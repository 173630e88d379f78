import { type ElementModel, resourceTypes, type TypeModel, typeModel } from '../../definitions/index.ts';

export type Schema = { [keyword: string]: unknown };

export const schemaOf = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** A resource where any type may stand. */
const anyResource: Schema = {
  type: 'object',
  required: ['resourceType'],
  properties: { resourceType: { type: 'string', enum: resourceTypes } },
};

/** What stands beside a primitive value: `_birthDate` for `birthDate`. */
const besidePrimitive: Schema = {
  type: 'object',
  properties: { id: schemaOf('string'), extension: { type: 'array', minItems: 1, items: schemaOf('Extension') } },
  additionalProperties: false,
};

const numeric: Record<string, Schema> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  unsignedInt: { type: 'integer', minimum: 0 },
  positiveInt: { type: 'integer', minimum: 1 },
  decimal: { type: 'number' },
};

/** JSON Schemas of all resource types and of what they consist of, from the definitions of R4. */
export function describeTypes(): Record<string, Schema> {
  const schemas: Record<string, Schema> = { Resource: anyResource, Element: besidePrimitive };
  const open = [...resourceTypes];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const model = typeModel(name);
    if (!model || name in schemas) continue;
    schemas[name] = describeType(name, model);
    open.push(...Object.values(model.elements).map(({ type }) => type));
  }
  return schemas;
}

const isPrimitive = (type: string): boolean => typeModel(type)?.kind === 'primitive-type';

function describeType(name: string, model: TypeModel): Schema {
  if (model.kind === 'primitive-type') return numeric[name] ?? describeText(model);
  const elements = Object.entries(model.elements);
  const isResource = model.kind === 'resource';
  return {
    type: 'object',
    required: [
      ...(isResource ? ['resourceType'] : []),
      ...elements.filter(([, element]) => isDemanded(element)).map(([key]) => key),
    ],
    properties: {
      ...(isResource && { resourceType: { const: name } }),
      ...Object.fromEntries(elements.flatMap(([key, element]) => describeElement(key, element))),
    },
    additionalProperties: false,
  };
}

/** A primitive may be absent where extensions say why, and of a choice one of many is there. */
const isDemanded = ({ required, choice, type }: ElementModel): boolean =>
  required === true && choice === undefined && !isPrimitive(type);

const describeText = ({ pattern }: TypeModel): Schema => ({
  type: 'string',
  ...(pattern !== undefined && { pattern: `^(${pattern})$` }),
});

function describeElement(key: string, { type, array }: ElementModel): [string, Schema][] {
  const one = schemaOf(typeModel(type) ? type : 'Resource');
  const element: [string, Schema] = [key, array ? { type: 'array', minItems: 1, items: one } : one];
  if (!isPrimitive(type)) return [element];
  const sibling = schemaOf('Element');
  if (!array) return [element, [`_${key}`, sibling]];
  const items = { anyOf: [sibling, { type: 'null' }] };
  const nullable = { type: 'array', minItems: 1, items: { anyOf: [one, { type: 'null' }] } };
  return [
    [key, nullable],
    [`_${key}`, { type: 'array', minItems: 1, items }],
  ];
}
