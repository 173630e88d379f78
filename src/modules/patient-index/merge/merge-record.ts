/** Who did something, why and when. */
export interface Decision {
  readonly by: string;
  readonly byName: string;
  readonly reason: string;
  /** Microseconds since 1970 UTC. */
  readonly at: number;
}

/** One Patient merged into another, the survivor. */
export interface MergeRecord {
  readonly merge: number;
  /** Rids of both Patients. */
  readonly source: number;
  readonly target: number;
  readonly sourceId: string;
  readonly targetId: string;
  readonly sourceBefore: number;
  readonly sourceAfter: number;
  readonly targetBefore: number;
  readonly targetAfter: number;
  /** How many resources were moved. */
  readonly items: number;
  readonly merged: Decision;
  /** Undefined while the merge stands. */
  readonly unmerged: Decision | undefined;
}

/** A resource that was moved from the source to the survivor. */
export interface MergeItem {
  readonly rid: number;
  readonly type: string;
  readonly id: string;
  /** Its version that refers to the source, and the one that refers to the survivor. */
  readonly before: number;
  readonly after: number;
  /** FHIRPaths of the references. */
  readonly paths: readonly string[];
}
