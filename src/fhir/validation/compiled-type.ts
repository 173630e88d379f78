import { type ElementModel, type TypeModel, typeModel } from '../definitions/index.ts';
import { type PrimitiveCheck, primitiveCheck } from './primitive.ts';

/** A type made ready for walking its instances: what a JSON name means is one look-up away. */
export interface CompiledType {
  readonly name: string;
  readonly isResource: boolean;
  /** By JSON name, with the siblings of primitives (`_birthDate`). */
  readonly elements: ReadonlyMap<string, CompiledElement>;
  /** Bits of the elements that must be there. */
  readonly required: number;
}

export interface CompiledElement {
  /** As FHIRPath says it: `value.ofType(Quantity)` for `valueQuantity`. */
  readonly step: string;
  readonly kind: 'primitive' | 'sibling' | 'complex' | 'resource';
  readonly typeName: string;
  readonly isArray: boolean;
  readonly isRequired: boolean;
  readonly isSummary: boolean;
  /** Shared by the members of a choice; 0 where nothing is required and nothing excluded. */
  readonly bit: number;
  readonly choice: string | undefined;
  readonly check: PrimitiveCheck | undefined;
  /** What a complex value consists of; for a sibling, the parts of Element. */
  readonly type: CompiledType | undefined;
  /** For a sibling, the primitive's name; for a primitive, its sibling's. */
  readonly partner: string | undefined;
  /** Whether a value is a link, or may hold links inside. */
  readonly link: 'none' | 'uri' | 'narrative' | 'inside';
}

const compiled = new Map<string, CompiledType>();

/** What the sibling of a primitive may hold. https://hl7.org/fhir/R4/json.html#primitive */
const elementModel: TypeModel = {
  kind: 'complex-type',
  elements: { id: { type: 'string' }, extension: { type: 'Extension', array: true } },
};

export function compiledType(name: string): CompiledType {
  return compiled.get(name) ?? compile(name, name === 'Element' ? elementModel : typeModel(name));
}

function compile(name: string, model: TypeModel | undefined): CompiledType {
  if (!model) throw new Error(`${name} is no type of FHIR R4`);
  const elements = new Map<string, CompiledElement>();
  const type = { name, isResource: model.kind === 'resource', elements, required: 0 };
  compiled.set(name, type);
  const bits = numberBits(model);
  for (const [jsonName, element] of Object.entries(model.elements)) {
    const bit = bits.get(element.choice ?? jsonName) ?? 0;
    if (element.required) type.required |= bit;
    addElement(type, elements, jsonName, element, bit);
  }
  return type;
}

function numberBits(model: TypeModel): Map<string, number> {
  const bits = new Map<string, number>();
  for (const [jsonName, { choice, required }] of Object.entries(model.elements)) {
    const name = choice ?? jsonName;
    if ((choice || required) && !bits.has(name)) bits.set(name, 1 << bits.size);
  }
  if (bits.size > 31) throw new Error('More than 31 required elements and choices need more than one integer');
  return bits;
}

function addElement(
  owner: CompiledType,
  elements: Map<string, CompiledElement>,
  jsonName: string,
  model: ElementModel,
  bit: number,
): void {
  const typeName = owner.isResource && jsonName === 'id' ? 'id' : model.type;
  const isPrimitive = typeModel(typeName)?.kind === 'primitive-type';
  const common = {
    isArray: model.array ?? false,
    isRequired: model.required ?? false,
    isSummary: model.summary ?? false,
    bit,
    choice: model.choice,
    typeName,
  };
  const step = model.choice ? `${model.choice}.ofType(${typeName})` : jsonName;
  const sibling = isPrimitive && mayHaveSibling(owner.name, jsonName) ? `_${jsonName}` : undefined;
  elements.set(jsonName, {
    ...common,
    step,
    kind: isPrimitive ? 'primitive' : typeName === 'Resource' ? 'resource' : 'complex',
    check: isPrimitive ? primitiveCheck(typeName) : undefined,
    type: isPrimitive || typeName === 'Resource' ? undefined : (compiled.get(typeName) ?? compiledType(typeName)),
    partner: sibling,
    link: isPrimitive ? (links.get(typeName) ?? 'none') : 'inside',
  });
  if (sibling === undefined) return;
  const type = compiledType('Element');
  const part = {
    step,
    kind: 'sibling',
    typeName: 'Element',
    check: undefined,
    type,
    partner: jsonName,
    link: 'inside',
  } as const;
  elements.set(sibling, { ...common, ...part });
}

const links: ReadonlyMap<string, CompiledElement['link']> = new Map([
  ['uri', 'uri'],
  ['url', 'uri'],
  ['oid', 'uri'],
  ['uuid', 'uri'],
  ['xhtml', 'narrative'],
] as const);

/** Ids, URLs of extensions and XHTML take no extensions themselves. */
const mayHaveSibling = (owner: string, name: string): boolean =>
  name !== 'id' && !(owner === 'Extension' && name === 'url') && !(owner === 'Narrative' && name === 'div');
