import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Effort } from './effort.ts';
import { membersOf, readEntries, writeEntries } from './element-list.ts';
import { type NamedElement, presentElement, typeOf, writableElement } from './element-type.ts';
import { addTo, entryOf, type PatchValue, suffixOf } from './patch-value.ts';
import type { NodePath } from './path-expression.ts';
import { shown } from './pointer.ts';

/** A resource, and the elements of it that an operation is about. */
export interface Target {
  resource: JsonObject;
  path: string;
  find: (expression: string) => NodePath[];
  effort: Effort;
}

/** One repetition of an element in the object that holds it. */
interface Place {
  parent: JsonObject;
  parentType: string;
  element: NamedElement;
  index: number;
  /** Where the parent stands; undefined when it is the resource. */
  above: Place | undefined;
}

/** Adds to a list, or sets an element that is not there. */
export function addAt(target: Target, name: string, value: PatchValue): void {
  const { object, type } = objectAt(target, one(target, target.find(target.path)));
  addTo(object, type, name, value);
}

/** Removes an element, and what is empty without it. What is not there is no failure. */
export function deleteAt(target: Target): void {
  const nodes = target.find(target.path);
  if (nodes.length === 0) return;
  const place = placeOf(target, one(target, nodes));
  for (let at: Place | undefined = place; at; at = at.above) {
    const { parent, element, index } = at;
    const entries = readEntries(parent, element.name);
    target.effort.spendOnList(entries.length);
    entries.splice(index, 1);
    writeEntries(parent, element.name, entries, element.model.array ?? false);
    if (Object.keys(parent).length > 0) return;
  }
}

/** Puts a value in the place of one; a choice of types may change its type. */
export function replaceAt(target: Target, value: PatchValue): void {
  const { parent, parentType, element, index } = placeOf(target, one(target, target.find(target.path)));
  const entries = readEntries(parent, element.name);
  target.effort.spendOnList(entries.length);
  const next = writableElement(parentType, element.model.choice ?? element.name, suffixOf(value));
  entries[index] = entryOf(value, next.model.type);
  if (next.name !== element.name) writeEntries(parent, element.name, [], false);
  writeEntries(parent, next.name, entries, next.model.array ?? false);
}

/** Inserts into a list before the entry that is at the index. */
export function insertAt(target: Target, index: number, value: PatchValue): void {
  const { parent, element } = listAt(target);
  const entries = readEntries(parent, element.name);
  target.effort.spendOnList(entries.length);
  if (index > entries.length) throw outside(target, index, entries.length);
  entries.splice(index, 0, entryOf(value, element.model.type));
  writeEntries(parent, element.name, entries, true);
}

/** Moves an entry of a list. */
export function moveAt(target: Target, source: number, destination: number): void {
  const { parent, element } = listAt(target);
  const entries = readEntries(parent, element.name);
  target.effort.spendOnList(entries.length);
  if (source >= entries.length) throw outside(target, source, entries.length);
  if (destination >= entries.length) throw outside(target, destination, entries.length);
  entries.splice(destination, 0, ...entries.splice(source, 1));
  writeEntries(parent, element.name, entries, true);
}

const outside = ({ path }: Target, index: number, length: number): Failure =>
  new Failure('processing', `The list at ${shown(path)} has ${length} entries; there is no place ${index}.`);

function one({ path }: Target, nodes: readonly NodePath[]): NodePath {
  const [node, ...more] = nodes;
  if (!node) throw new Failure('processing', `There is nothing at the path ${shown(path)}.`);
  if (more.length > 0) {
    throw new Failure('processing', `The path ${shown(path)} leads to ${nodes.length} elements; it must lead to one.`);
  }
  return node;
}

/** The whole list that a path names; one that is empty is found by the element in which it would stand. */
function listAt(target: Target): { parent: JsonObject; element: NamedElement } {
  const nodes = target.find(target.path);
  const [first] = nodes;
  if (!first) return emptyListAt(target);
  const { parent, element } = placeOf(target, first);
  const isWhole = nodes.every((node, index) => node.at(-1)?.index === index && isBeside(node, first));
  if (!element.model.array || !isWhole || nodes.length !== readEntries(parent, element.name).length) {
    throw new Failure('processing', `The path ${shown(target.path)} must lead to the whole of one list.`);
  }
  return { parent, element };
}

function isBeside(node: NodePath, other: NodePath): boolean {
  if (node.length !== other.length || node.at(-1)?.name !== other.at(-1)?.name) return false;
  return node.slice(0, -1).every(({ name, index }, at) => other[at]?.name === name && other[at]?.index === index);
}

function emptyListAt(target: Target): { parent: JsonObject; element: NamedElement } {
  const match = /^(.+)\.([A-Za-z][A-Za-z0-9]*)$/s.exec(target.path);
  const [, above = '', name = ''] = match ?? [];
  const { object, type } = objectAt(target, one(target, above === '' ? [] : target.find(above)));
  const element = writableElement(type, name, undefined);
  if (!element.model.array) throw new Failure('processing', `${type}.${name} does not repeat; add to it instead.`);
  return { parent: object, element };
}

function placeOf(target: Target, path: NodePath): Place {
  let parent = target.resource;
  let parentType = typeOf('Resource', parent);
  let above: Place | undefined;
  for (const [depth, { name, index }] of path.entries()) {
    const element = presentElement(parentType, parent, name);
    if (!element) throw new Failure('value', `The path ${shown(target.path)} leads to what R4 does not define.`);
    const place: Place = { parent, parentType, element, index, above };
    if (depth === path.length - 1) return place;
    parent = membersOf(parent, element.name, index, element.model.type, element.model.array ?? false);
    parentType = typeOf(element.model.type, parent);
    above = place;
  }
  throw new Failure('value', 'The resource itself can be neither replaced nor deleted by a patch.');
}

/** The members of the element at a path, and their type. */
function objectAt(target: Target, path: NodePath): { object: JsonObject; type: string } {
  const { resource } = target;
  if (path.length === 0) return { object: resource, type: typeOf('Resource', resource) };
  const { parent, element, index } = placeOf(target, path);
  const object = membersOf(parent, element.name, index, element.model.type, element.model.array ?? false);
  return { object, type: typeOf(element.model.type, object) };
}
