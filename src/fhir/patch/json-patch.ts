import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import { Effort } from './effort.ts';
import { isJsonEqual } from './json-equal.ts';
import { memberOf, setMember } from './member.ts';
import { containerOf, missing, parseIndex, parsePointer, shown, valueAt } from './pointer.ts';

interface Operation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  from: string;
  value: JsonValue | undefined;
}

interface Work {
  /** One entry: the document, so that it can be replaced as a whole. */
  root: [JsonValue];
  effort: Effort;
}

/**
 * JSON Patch of https://www.rfc-editor.org/rfc/rfc6902: the changed document; the given one stays as it is. Numbers keep
 * their digits. Fails with `invalid`, `value` or `required` when the patch is wrong, with `processing` when it does not
 * fit the document, and with `too-costly` when it grows beyond bounds.
 */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (!Array.isArray(patch)) throw new Failure('invalid', 'A JSON Patch is an array of operations.');
  const effort = new Effort();
  effort.begin(patch.length);
  const operations = patch.map((operation, index) => inOperation(index, () => parseOperation(operation)));
  const work: Work = { root: [effort.copy(document, 0)], effort };
  for (const [index, operation] of operations.entries()) inOperation(index, () => apply(work, operation));
  return work.root[0];
}

/** Says in a failure which operation it was. */
export function inOperation<T>(index: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `Operation ${index + 1} of the patch: ${error.message}`);
  }
}

const names = new Set<unknown>(['add', 'remove', 'replace', 'move', 'copy', 'test']);

function parseOperation(operation: JsonValue): Operation {
  if (!isJsonObject(operation)) throw new Failure('invalid', 'It must be an object.');
  const op = memberOf(operation, 'op');
  if (!names.has(op)) {
    throw new Failure('value', 'Its op must be add, remove, replace, move, copy or test.');
  }
  const value = memberOf(operation, 'value');
  if (value === undefined && (op === 'add' || op === 'replace' || op === 'test')) {
    throw new Failure('required', `It needs a value to ${op}.`);
  }
  const from = op === 'move' || op === 'copy' ? pointerOf(operation, 'from') : '';
  return { op: op as Operation['op'], path: pointerOf(operation, 'path'), from, value };
}

function pointerOf(operation: JsonObject, name: string): string {
  const pointer = memberOf(operation, name);
  if (typeof pointer === 'string') return pointer;
  throw new Failure('required', `It needs a ${name}: a JSON Pointer such as "/name/0/family".`);
}

function apply(work: Work, { op, path, from, value = null }: Operation): void {
  switch (op) {
    case 'add':
      add(work, path, value);
      break;
    case 'remove':
      remove(work, path);
      break;
    case 'replace':
      replace(work, path, value);
      break;
    case 'copy':
      add(work, path, valueAt(work.root[0], parsePointer(from), from));
      break;
    case 'move':
      move(work, path, from);
      break;
    case 'test':
      requireEqual(work, path, value);
  }
}

function requireEqual({ root, effort }: Work, path: string, value: JsonValue): void {
  if (isJsonEqual(valueAt(root[0], parsePointer(path), path), value, effort)) return;
  throw new Failure('processing', `The test failed: something else is at the path ${shown(path)}.`);
}

function add({ root, effort }: Work, path: string, value: JsonValue): void {
  const tokens = parsePointer(path);
  const copied = effort.copy(value, tokens.length);
  const last = tokens.at(-1);
  if (last === undefined) {
    root[0] = copied;
    return;
  }
  const container = containerOf(root[0], tokens, path);
  if (!Array.isArray(container)) {
    setMember(container, last, copied);
    return;
  }
  effort.spendOnList(container.length);
  const index = last === '-' ? container.length : parseIndex(last, container.length + 1, path);
  container.splice(index, 0, copied);
}

function remove({ root, effort }: Work, path: string): JsonValue {
  const tokens = parsePointer(path);
  const last = tokens.at(-1);
  if (last === undefined) throw new Failure('value', 'The whole resource is removed by DELETE, not by a patch.');
  const container = containerOf(root[0], tokens, path);
  if (Array.isArray(container)) {
    effort.spendOnList(container.length);
    return container.splice(parseIndex(last, container.length, path), 1)[0] ?? null;
  }
  const value = memberOf(container, last);
  if (value === undefined) throw missing(path);
  delete container[last];
  return value;
}

function replace({ root, effort }: Work, path: string, value: JsonValue): void {
  const tokens = parsePointer(path);
  const copied = effort.copy(value, tokens.length);
  const last = tokens.at(-1);
  if (last === undefined) {
    root[0] = copied;
    return;
  }
  const container = containerOf(root[0], tokens, path);
  if (Array.isArray(container)) {
    container[parseIndex(last, container.length, path)] = copied;
    return;
  }
  if (memberOf(container, last) === undefined) throw missing(path);
  setMember(container, last, copied);
}

function move(work: Work, path: string, from: string): void {
  if (path.startsWith(`${from}/`)) throw new Failure('value', 'Nothing can be moved into itself.');
  if (path === from) {
    valueAt(work.root[0], parsePointer(from), from);
    return;
  }
  add(work, path, remove(work, from));
}
