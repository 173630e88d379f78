import type { IndexSink } from './index-sink.ts';
import { isObject, itemsOf, textOf } from './json-value.ts';

export function coding(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const system = textOf(value.system);
  const code = textOf(value.code);
  const display = textOf(value.display);
  if (code !== '' || system !== '') sink.code(path, system, code);
  if (display !== '') sink.codeText(path, code === '' ? '' : system, code, display);
}

/** The text of a concept counts beside the displays of its codings; mostly it repeats one of them. */
export function codeableConcept(sink: IndexSink, path: number, sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const text = textOf(value.text);
  let isRepeated = text === '';
  for (const item of itemsOf(value.coding)) {
    coding(sink, path, sibling, item);
    if (isObject(item) && item.display === text) isRepeated = true;
  }
  if (!isRepeated) sink.codeText(path, '', '', text);
}

/** `sibling` takes the value under the type of the identifier, for `:of-type`: system `type system|type code`. */
export function identifier(sink: IndexSink, path: number, sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const text = textOf(value.value);
  if (text !== '') sink.identifier(path, textOf(value.system), text);
  const { type } = value;
  if (!isObject(type)) return;
  if (typeof type.text === 'string') sink.codeText(path, '', '', type.text);
  if (text === '' || sibling === 0) return;
  for (const item of itemsOf(type.coding)) {
    if (isObject(item)) sink.identifier(sibling, `${textOf(item.system)}|${textOf(item.code)}`, text);
  }
}

export function contactPoint(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (isObject(value) && typeof value.value === 'string') sink.identifier(path, textOf(value.system), value.value);
}

/** The system of a code element is implied by its binding and not indexed: a search must not ask for it. */
export function codeToken(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value === 'string') sink.code(path, '', value);
}

export function booleanToken(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value === 'boolean') sink.code(path, '', value ? 'true' : 'false');
}

export function stringToken(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value === 'string') sink.identifier(path, '', value);
}
