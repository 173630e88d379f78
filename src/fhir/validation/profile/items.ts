import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { isResourceType, typeModel } from '../../definitions/index.ts';
import { compiledType } from '../compiled-type.ts';

/** A value of an element in a resource, with the type that it has there. */
export interface Item {
  /** Undefined for a primitive that has extensions only. */
  readonly value: JsonValue | undefined;
  /** Id and extensions of a primitive. */
  readonly beside: JsonObject | undefined;
  readonly type: string;
  /** FHIRPath step from its holder: `.name[0]`. */
  readonly step: string;
}

export const rootItem = (resource: JsonObject): Item => ({
  value: resource,
  beside: undefined,
  type: String(resource.resourceType),
  step: '',
});

export const isPrimitiveType = (type: string): boolean => typeModel(type)?.kind === 'primitive-type';

/** What stands in an element, named as in the definitions (`value[x]`) or as in JSON (`valueQuantity`). */
export function itemsOf(holder: Item, name: string): Item[] {
  if (isPrimitiveType(holder.type)) return itemsBeside(holder, name);
  if (!isJsonObject(holder.value) || !typeModel(holder.type)) return [];
  const found: Item[] = [];
  const choice = name.endsWith('[x]') ? name.slice(0, -3) : undefined;
  const { elements } = compiledType(holder.type);
  if (choice === undefined) collect(holder.value, name, elements.get(name), found);
  else
    for (const [jsonName, element] of elements)
      if (element.choice === choice) collect(holder.value, jsonName, element, found);
  return found;
}

/** A profile may name an element that its type does not have; that says nothing about a resource. */
export function hasElement(type: string, name: string): boolean {
  if (isPrimitiveType(type) || !typeModel(type)) return true;
  const choice = name.endsWith('[x]') ? name.slice(0, -3) : undefined;
  const { elements } = compiledType(type);
  return (
    elements.has(name) ||
    [...elements.values()].some((element) => element.choice !== undefined && element.choice === choice)
  );
}

function itemsBeside({ beside, value, type }: Item, name: string): Item[] {
  if (name === 'value') return value === undefined ? [] : [{ value, beside: undefined, type, step: '' }];
  const extensions = beside?.extension;
  if (name === 'extension' && Array.isArray(extensions))
    return extensions.map((item, index) => itemAt('.extension', item, index, 'Extension'));
  return name === 'id' && beside?.id !== undefined ? [itemAt('.id', beside.id, undefined, 'string')] : [];
}

type Element = NonNullable<ReturnType<ReturnType<typeof compiledType>['elements']['get']>>;

function collect(object: JsonObject, jsonName: string, element: Element | undefined, found: Item[]): void {
  if (element === undefined || element.kind === 'sibling') return;
  const value = object[jsonName];
  const beside = element.kind === 'primitive' && element.partner ? object[element.partner] : undefined;
  if (value === undefined && beside === undefined) return;
  const step = `.${element.step}`;
  if (!element.isArray) {
    found.push(itemAt(step, value, undefined, element.typeName, beside));
    return;
  }
  const values = Array.isArray(value) ? value : [];
  const besides = Array.isArray(beside) ? beside : [];
  for (let index = 0; index < Math.max(values.length, besides.length); index++) {
    found.push(itemAt(step, values[index], index, element.typeName, besides[index]));
  }
}

function itemAt(
  step: string,
  value: JsonValue | undefined,
  index: number | undefined,
  typeName: string,
  beside?: JsonValue | undefined,
): Item {
  const isResource = typeName === 'Resource' && isJsonObject(value) && isResourceType(value.resourceType);
  return {
    value: value === null ? undefined : value,
    beside: isJsonObject(beside) ? beside : undefined,
    type: isResource ? String(value.resourceType) : typeName,
    step: index === undefined ? step : `${step}[${index}]`,
  };
}

/** Where a value stands: in what, and what that is called in the definitions (`Patient.contact.name`). */
export interface Holder {
  readonly item: Item | undefined;
  readonly definitionPath: string;
  /** From the type on that holds the holder: `HumanName.family`. */
  readonly typePath: string;
}

/** Called for a value; false keeps the walk from looking inside. */
export type Visit = (item: Item, path: string, holder: Holder) => boolean;

/** Every value in a resource, the outer before the inner, with its FHIRPath. */
export function visitItems(item: Item, path: string, visit: Visit): void {
  descend(item, path, item.type, item.type, visit, { item: undefined, definitionPath: '', typePath: '' });
}

function descend(
  item: Item,
  path: string,
  definitionPath: string,
  typePath: string,
  visit: Visit,
  holder: Holder,
): void {
  if (!visit(item, path, holder)) return;
  const inside = { item, definitionPath, typePath };
  if (isPrimitiveType(item.type)) {
    if (item.beside === undefined) return;
    for (const child of itemsBeside(item, 'extension')) {
      descend(child, path + child.step, `${definitionPath}.extension`, `${item.type}.extension`, visit, inside);
    }
    return;
  }
  if (!isJsonObject(item.value) || !typeModel(item.type)) return;
  const { elements } = compiledType(item.type);
  for (const jsonName in item.value) {
    const own = elements.get(jsonName);
    const isAlone = own?.kind === 'sibling' && !Object.hasOwn(item.value, own.partner as string);
    const element = isAlone ? elements.get(own.partner as string) : own;
    if (element === undefined || element.kind === 'sibling') continue;
    const found: Item[] = [];
    collect(item.value, isAlone ? (own.partner as string) : jsonName, element, found);
    const name = element.choice === undefined ? jsonName.replace(/^_/, '') : `${element.choice}[x]`;
    for (const child of found) {
      descend(child, path + child.step, `${definitionPath}.${name}`, `${item.type}.${name}`, visit, inside);
    }
  }
}
