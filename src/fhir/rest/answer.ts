import type { Issue } from '#lib/failure.ts';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import type { Once } from '../idempotency/index.ts';
import { instantOf, type Outcome, type StoredRow } from '../store/index.ts';

/** What an interaction answers, whether over HTTP or as an entry of a Bundle. */
export interface Answer {
  status: number;
  /** JSON text, or its pieces in their order where it is too large to hold. */
  body?: string | AsyncIterable<string | Uint8Array> | undefined;
  /** Of the body, unless it is FHIR JSON. */
  contentType?: string | undefined;
  /** Further headers, named in small letters. */
  headers?: Record<string, string> | undefined;
  version?: number | undefined;
  /** Microseconds since 1970 UTC. */
  updated?: number | undefined;
  /** Faults of what was stored all the same. */
  issues?: readonly Issue[] | undefined;
  /** Relative to the base: `Patient/1/_history/1`. */
  location?: string | undefined;
}

/** The whole body in one text. */
export async function collectBody(body: Answer['body']): Promise<string | undefined> {
  if (typeof body === 'string' || body === undefined) return body;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return Buffer.concat(pieces).toString('utf8');
}

export type Parameters = readonly (readonly [string, string])[];

/** Parameters that say how an answer is written, not what it says. */
export const isOfForm = (name: string): boolean => name === '_format' || name === '_pretty';

/** A RESTful interaction as it stands in the address, the headers and the body. https://hl7.org/fhir/R4/http.html */
export interface Interaction {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  type?: string | undefined;
  id?: string | undefined;
  version?: string | undefined;
  /** Without the dollar sign. */
  operation?: string | undefined;
  /** What stands behind the operation in the address. */
  rest?: string | undefined;
  /** Only what belongs to this resource is searched. */
  compartment?: { type: string; id: string } | undefined;
  parameters: Parameters;
  resource?: JsonObject | undefined;
  /** The body of a PATCH that is no resource: a JSON Patch. */
  patch?: JsonValue | undefined;
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  ifNoneExist?: string | undefined;
  ifModifiedSince?: string | undefined;
  /** From Idempotency-Key. */
  once?: Once | undefined;
  prefer: Preferences;
}

export interface Preferences {
  return: 'minimal' | 'representation' | 'OperationOutcome';
  handling: 'strict' | 'lenient';
}

/** `Prefer: return=minimal, handling=strict`. Unknown preferences are ignored, as RFC 7240 asks. */
export function parsePreferences(header: string | undefined, byDefault: Preferences['return']): Preferences {
  const preferences: Preferences = { return: byDefault, handling: 'lenient' };
  for (const part of header?.split(/[,;]/) ?? []) {
    const [name, value] = part.trim().split('=');
    if (name === 'return' && (value === 'minimal' || value === 'representation' || value === 'OperationOutcome')) {
      preferences.return = value;
    }
    if (name === 'handling' && (value === 'strict' || value === 'lenient')) preferences.handling = value;
  }
  return preferences;
}

export const printETag = (version: number): string => `W/"${version}"`;

/** The version in `W/"3"` or `"3"`; undefined when the header says something else. */
export function parseETag(header: string): number | undefined {
  const match = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/.exec(header);
  return match ? Number(match[1]) : undefined;
}

export const lastModified = (updated: number): string => new Date(updated / 1000).toUTCString();

export function answerRow(row: StoredRow): Answer {
  return { status: 200, body: row.content ?? undefined, version: row.version, updated: row.updated };
}

/** The answer to a write, with as much of the resource as the client prefers. */
export function answerOutcome(outcome: Outcome, prefer: Preferences, warnings: readonly Issue[] = []): Answer {
  const { type, id, version, updated, content } = outcome;
  const answer: Answer = {
    status: outcome.status === 'created' ? 201 : 200,
    version,
    updated,
    location: `${type}/${id}/_history/${version}`,
  };
  if (prefer.return === 'representation') return { ...answer, body: content };
  if (prefer.return === 'minimal') return answer;
  const diagnostics = `${type}/${id} was ${outcome.status} as version ${version} at ${instantOf(updated)}.`;
  const issue = [
    { severity: 'information', code: 'informational', diagnostics },
    ...warnings.map(({ expression, ...warning }) => ({ ...warning, ...(expression && { expression: [expression] }) })),
  ];
  return { ...answer, body: JSON.stringify({ resourceType: 'OperationOutcome', issue }) };
}
