export type FindingKind =
  | 'edited'
  | 'removed'
  | 'inserted'
  | 'agent'
  | 'block'
  | 'block-removed'
  | 'truncated'
  | 'root'
  | 'key';

/** Something about the trail that is not as it was written. */
export interface Finding {
  readonly kind: FindingKind;
  /** Of the event. */
  readonly number?: number | undefined;
  readonly month?: number | undefined;
  readonly block?: number | undefined;
  /** A sentence. */
  readonly text: string;
}

const greatestExamples = 1000;

/** Counts all, keeps the first thousand. */
export class Findings {
  count = 0;
  readonly examples: Finding[] = [];

  add(finding: Finding): void {
    this.count++;
    if (this.examples.length < greatestExamples) this.examples.push(finding);
  }
}
