import type { Issue } from '#lib/failure.ts';
import { instantOf } from '../store/index.ts';
import { type Answer, printETag } from './answer.ts';
import { printOperationOutcome } from './operation-outcome.ts';

/**
 * Bundles are put together from the stored texts of their resources, without parsing them.
 * https://hl7.org/fhir/R4/bundle.html
 */
export interface BundleLink {
  relation: 'self' | 'next' | 'previous' | 'first';
  url: string;
}

/** Characters that the answers to the entries of a Bundle may have together. */
export const mostAnswered = 64 * 1024 * 1024;

interface BundleParts {
  type: 'searchset' | 'history' | 'transaction-response' | 'batch-response';
  total?: number | undefined;
  links?: BundleLink[];
  /** JSON texts. */
  entries: string[];
}

export function printBundle({ type, total, links, entries }: BundleParts): string {
  const head = `{"resourceType":"Bundle","type":"${type}"`;
  const count = total === undefined ? '' : `,"total":${total}`;
  const link = links ? `,"link":${JSON.stringify(links)}` : '';
  const entry = entries.length > 0 ? `,"entry":[${entries.join(',')}]` : '';
  return `${head}${count}${link}${entry}}`;
}

export const printSearchEntry = (fullUrl: string, content: string, mode: 'match' | 'include'): string =>
  `{"fullUrl":${JSON.stringify(fullUrl)},"resource":${content},"search":{"mode":"${mode}"}}`;

export const printOutcomeEntry = (issues: readonly Issue[]): string =>
  `{"resource":${printOperationOutcome(issues)},"search":{"mode":"outcome"}}`;

const reasons: Record<number, string> = {
  200: '200 OK',
  201: '201 Created',
  204: '204 No Content',
  304: '304 Not Modified',
};

/** The entry of a batch or transaction response. */
export function printResponseEntry(answer: Answer, outcome?: string): string {
  const response = {
    status: reasons[answer.status] ?? String(answer.status),
    ...(answer.location ? { location: answer.location } : {}),
    ...(answer.version ? { etag: printETag(answer.version) } : {}),
    ...(answer.updated ? { lastModified: instantOf(answer.updated) } : {}),
  };
  const printed = JSON.stringify(response);
  const told = outcome ?? (answer.issues && printOperationOutcome(answer.issues));
  const withOutcome = told ? `${printed.slice(0, -1)},"outcome":${told}}` : printed;
  if (answer.body !== undefined && typeof answer.body !== 'string')
    throw new Error('A stream cannot stand in a Bundle');
  return answer.body ? `{"resource":${answer.body},"response":${withOutcome}}` : `{"response":${withOutcome}}`;
}
