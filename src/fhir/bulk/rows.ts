import type { Item } from './parse-item.ts';
import type { Rejection } from './place.ts';
import type { DeferredRow, RejectionRow } from './queries.ts';
import type { Written } from './write-items.ts';

export const rejectionOf = ({ place, type, id }: Item, reason: string): Rejection => ({
  place,
  outcome: 'rejected',
  type,
  id,
  reason,
});

export const rejectionsOf = (written: readonly Written[]): Rejection[] =>
  written.flatMap(({ item, fate, reason = '' }) => (fate === 'rejected' ? [rejectionOf(item, reason)] : []));

export const toRejectionRow = ({ place, outcome, type, id, reason }: Rejection): RejectionRow => ({
  identity: place.file.identity,
  item: place.item,
  line: place.line,
  entry: place.entry ?? null,
  outcome,
  type: type ?? null,
  id: id ?? null,
  reason,
});

export const toDeferredRow = ({ place, type, id, key, bytes }: Item): DeferredRow => ({
  identity: place.file.identity,
  item: place.item,
  document: place.document,
  line: place.line,
  entry: place.entry ?? null,
  type,
  id,
  key: key ?? null,
  content: bytes.toString('utf8'),
});
