import type { Connection } from '../store/index.ts';
import type { Actor } from './actor.ts';

/** https://hl7.org/fhir/R4/valueset-audit-event-action.html */
export type TrailAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** A resource that was looked at or changed. */
export interface TrailEntity {
  readonly type: string;
  readonly id: string;
  readonly version?: number | undefined;
}

/** Something that somebody did, or was refused; it becomes one AuditEvent. */
export interface TrailEntry {
  readonly actor: Actor;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
  readonly action: TrailAction;
  /** What was done: a RESTful interaction (`read`, `search-type`), `$operation`, or `module.past-tense`. */
  readonly interaction: string;
  /** 0 done, 4 refused, 8 failed. https://hl7.org/fhir/R4/valueset-audit-event-outcome.html */
  readonly outcome: '0' | '4' | '8';
  readonly entities: readonly TrailEntity[];
  /** Ids of the patients whom it concerns. */
  readonly patients: readonly string[];
  /** The query of a search, the reason of an emergency, why it was refused: never clinical content. */
  readonly detail?: string | undefined;
}

/** Where all that is kept; the module `audit` keeps it. */
export interface Trail {
  /** Of what only looks: it is in the database within a second. */
  note(entry: TrailEntry): void;
  /** Of changes and decisions: stands or falls with the transaction. */
  write(connection: Connection, entries: readonly TrailEntry[]): Promise<void>;
  /** Done once all that was noted so far is in the database. */
  flush(): Promise<void>;
}

/** For tools that work below the trail, such as tests of the FHIR server alone. */
export const noTrail: Trail = { note: () => {}, write: async () => {}, flush: async () => {} };
