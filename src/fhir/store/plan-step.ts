import { FailedCondition } from '#lib/failure.ts';
import type { Change, Outcome } from './change.ts';
import { printContent } from './content.ts';
import { method } from './method.ts';
import type { StoredRow } from './queries.ts';
import { ridOf } from './rid.ts';

/** A change together with what is stored now and what will be. */
export interface Step {
  change: Change;
  outcome: Outcome;
  rid: number;
  current: StoredRow | undefined;
}

export const isWritten = ({ outcome: { status } }: Step): boolean => status !== 'unchanged' && status !== 'absent';

/** What a change makes of the current version; `now` in microseconds. Fails when that is not the version expected. */
export function planStep(change: Change, current: StoredRow | undefined, now: number, newNumber: () => number): Step {
  const { type, id, resource } = change;
  const isLive = current !== undefined && current.method !== method.placeholder && current.method !== method.delete;
  checkExpectedVersion(change, current);
  if (change.isOnlyIfAbsent && isLive) {
    throw new FailedCondition(`${type}/${id} is there already, at version ${current.version}.`);
  }
  const absent = {
    status: 'absent' as const,
    type,
    id,
    version: current?.version ?? 0,
    updated: 0,
    content: undefined,
  };
  if (resource === undefined && !isLive) return { change, outcome: absent, rid: 0, current };
  const version = (current?.version ?? 0) + 1;
  const updated = current ? Math.max(now, current.updated + 1000) : now;
  const rid = current?.rid ?? ridOf(type, newNumber());
  if (resource === undefined) {
    return { change, rid, current, outcome: { ...absent, status: 'deleted', version, updated } };
  }
  if (isLive && printContent(resource, id, current.version, current.updated) === current.content) {
    const { version, updated, content } = current;
    return { change, rid, current, outcome: { status: 'unchanged', type, id, version, updated, content } };
  }
  const content = printContent(resource, id, version, updated);
  return {
    change,
    rid,
    current,
    outcome: { status: isLive ? 'updated' : 'created', type, id, version, updated, content },
  };
}

function checkExpectedVersion({ type, id, expectedVersion }: Change, current: StoredRow | undefined): void {
  const isThere = current !== undefined && current.method !== method.placeholder;
  if (expectedVersion === undefined || (isThere && expectedVersion === current.version)) return;
  throw new FailedCondition(
    isThere
      ? `${type}/${id} is at version ${current.version}, not ${expectedVersion}. Read it again and repeat the change.`
      : `${type}/${id} does not exist, so that no version can be matched.`,
  );
}
