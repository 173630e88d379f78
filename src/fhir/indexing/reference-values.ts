import type { IndexSink } from './index-sink.ts';
import { isObject, textOf } from './json-value.ts';

/** `sibling` takes the logical identifier of the target, for `:identifier`. */
export function reference(sink: IndexSink, path: number, sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  if (typeof value.reference === 'string') sink.reference(path, value.reference);
  const { identifier } = value;
  if (sibling === 0 || !isObject(identifier) || typeof identifier.value !== 'string') return;
  sink.identifier(sibling, textOf(identifier.system), identifier.value);
}

/** A canonical or uri; with a version it is found without it too. */
export function referenceUri(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value !== 'string') return;
  sink.reference(path, value);
  const bar = value.indexOf('|');
  if (bar > 0) sink.reference(path, value.slice(0, bar));
}

/** A resource inside a Bundle (`Bundle.entry[0].resource`) is referred to by its type and id. */
export function inlineResource(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value) || typeof value.resourceType !== 'string' || typeof value.id !== 'string') return;
  sink.reference(path, `${value.resourceType}/${value.id}`);
}
