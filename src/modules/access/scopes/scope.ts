import { isResourceType } from '#fhir/definitions/index.ts';

/** Whose data a scope is about: those of the patient in context, what the user may see, or what a system may. */
export type ScopeContext = 'patient' | 'user' | 'system';

/** Create, read, update, delete, search: in this order. */
export const scopeLetters = ['c', 'r', 'u', 'd', 's'] as const;
export type ScopeLetter = (typeof scopeLetters)[number];

/** https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources */
export interface ResourceScope {
  readonly context: ScopeContext;
  /** A resource type, or `*` for all. */
  readonly type: string;
  readonly letters: readonly ScopeLetter[];
  /** Search parameters that a resource must meet; none for all. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

const pattern = /^(patient|user|system)\/(\*|[A-Za-z]{1,64})\.(\*|read|write|c?r?u?d?s?)(?:\?(\S{1,500}))?$/;

const ofVersion1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/**
 * A scope of SMART version 2 (`patient/Observation.rs?category=laboratory`) or 1 (`patient/Observation.read`); undefined for
 * whatever grants no access to resources: `openid`, `launch/patient`, and all that is not understood.
 */
export function parseScope(text: string): ResourceScope | undefined {
  const [, context, type = '', permissions = '', query] = pattern.exec(text) ?? [];
  const letters = ofVersion1[permissions] ?? permissions;
  if (context === undefined || letters === '' || (type !== '*' && !isResourceType(type))) return undefined;
  // Version 1 knows no restriction.
  if (query !== undefined && permissions in ofVersion1) return undefined;
  return {
    context: context as ScopeContext,
    type,
    letters: scopeLetters.filter((letter) => letters.includes(letter)),
    query: query === undefined ? [] : [...new URLSearchParams(query)],
  };
}

/** In version 2, whatever version it was written in. */
export function printScope({ context, type, letters, query }: ResourceScope): string {
  const restriction = query.length === 0 ? '' : `?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`;
  return `${context}/${type}.${letters.join('')}${restriction}`;
}
