/** A version that a server said it has written. */
export interface Acknowledged {
  type: string;
  id: string;
  version: number;
  /** Undefined for a deletion, and where a condition found what somebody else had made. */
  token: string | undefined;
  method: Method;
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One write of a request: the only one, or an entry of its Bundle. */
export interface Sent {
  method: Method;
  /** Undefined for a deletion. */
  token?: string;
}

/** What one client asked for, and what it was told. A token stands in exactly one body that was sent. */
export interface Request {
  kind: string;
  tokens: string[];
  /** `unknown` when the connection broke, or the server said that it could not tell: the write may be there or not. */
  outcome: 'acknowledged' | 'refused' | 'unknown';
  status: number | undefined;
  acknowledged: Acknowledged[];
  /** From If-Match. */
  expected?: { type: string; id: string; version: number };
  text: string;
}

/** Everything that the clients know: the truth against which the database is held. */
export class Ledger {
  readonly requests: Request[] = [];
  #tokens = 0;

  newToken(): string {
    this.#tokens++;
    return `t${this.#tokens}`;
  }

  count(outcome: Request['outcome']): number {
    return this.requests.filter((request) => request.outcome === outcome).length;
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    crash: { seconds: number; seed: number };
  }
}
