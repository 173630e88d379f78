import { resourceTypes } from '#fhir/definitions/index.ts';

/** A scope about resources. https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html */
export interface ResourceScope {
  context: 'patient' | 'user' | 'system';
  /** A type, or `*`. */
  type: string;
  /** Of `c`, `r`, `u`, `d` and `s`, in this order. */
  interactions: string;
  /** `category=laboratory`, as it was written. */
  query: string | undefined;
}

/** What may be asked for beside resources. */
export const plainScopes = [
  'openid',
  'profile',
  'fhirUser',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
] as const;

const pattern =
  /^(?<context>patient|user|system)\/(?<type>[A-Za-z]+|\*)\.(?<may>read|write|\*|(?=.)c?r?u?d?s?)(?:\?(?<query>[\x21\x23-\x5b\x5d-\x7e]{1,1000}))?$/;
const knownTypes = new Set<string>(resourceTypes);
const ofVersion1: Record<string, string> = { read: 'rs', write: 'cud', '*': 'cruds' };

/** Version 2, and version 1 as what it means in version 2; undefined for what is no scope about resources. */
export function parseResourceScope(scope: string): ResourceScope | undefined {
  const parts = pattern.exec(scope)?.groups;
  if (!parts) return undefined;
  const { context, type = '', may = '', query } = parts;
  if (type !== '*' && !knownTypes.has(type)) return undefined;
  return { context: context as ResourceScope['context'], type, interactions: ofVersion1[may] ?? may, query };
}

export const isPlainScope = (scope: string): boolean => (plainScopes as readonly string[]).includes(scope);

/** Whether one scope gives all that the other asks for. */
export function covers(given: string, asked: string): boolean {
  if (given === asked) return true;
  const wide = parseResourceScope(given);
  const narrow = parseResourceScope(asked);
  return (
    wide !== undefined &&
    narrow !== undefined &&
    wide.context === narrow.context &&
    (wide.type === '*' || wide.type === narrow.type) &&
    [...narrow.interactions].every((letter) => wide.interactions.includes(letter)) &&
    (wide.query === undefined || wide.query === narrow.query)
  );
}

/** Those scopes that exist and that something of the list gives, once each. */
export function narrowScopes(asked: Iterable<string>, given: readonly string[]): string[] {
  const known = [...new Set(asked)].filter((scope) => isPlainScope(scope) || parseResourceScope(scope));
  return known.filter((scope) => given.some((wide) => covers(wide, scope)));
}
