import type { Issue } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Access } from '../access/access.ts';
import type { Method } from './method.ts';

/** A version to be written. */
export interface Change {
  type: string;
  id: string;
  method: Method;
  /** Left out for a deletion. Its id and meta.versionId are set by the store. */
  resource?: JsonObject;
  /** Who writes it: what they may not is refused, what they did is put down. Left out for what nobody asked for. */
  access?: Access;
  /** What was done, for the trail: `create`, `transaction`, `patient-index.merged` ...; by the method unless it is said. */
  interaction?: string;
  /** The id was drawn for this change, so that no such resource can exist. */
  isNew?: boolean;
  /** From If-Match: the write fails with `conflict` unless this is the current version. */
  expectedVersion?: number;
  /** From If-None-Match: the write fails with `conflict` if there is such a resource. */
  isOnlyIfAbsent?: boolean;
}

export interface Outcome {
  status: 'created' | 'updated' | 'unchanged' | 'deleted' | 'absent';
  type: string;
  id: string;
  version: number;
  /** Microseconds since 1970 UTC. */
  updated: number;
  /** Undefined after a deletion. */
  content: string | undefined;
  /** What validation found in it and let pass. */
  issues?: readonly Issue[];
}
