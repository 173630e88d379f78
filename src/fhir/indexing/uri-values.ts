import type { IndexSink } from './index-sink.ts';

export function uri(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value === 'string') sink.uri(path, value);
}

/** A canonical with a version is found without it too. */
export function canonicalUri(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value !== 'string') return;
  sink.uri(path, value);
  const bar = value.indexOf('|');
  if (bar > 0) sink.uri(path, value.slice(0, bar));
}
