import { parseScope, printScope } from '#modules/access/index.ts';

/** What may be asked for beside resources. https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html */
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

export const isPlainScope = (scope: string): boolean => (plainScopes as readonly string[]).includes(scope);

/** Whether one scope gives all that the other asks for. */
export function covers(given: string, asked: string): boolean {
  if (given === asked) return true;
  const wide = parseScope(given);
  const narrow = parseScope(asked);
  return (
    wide !== undefined &&
    narrow !== undefined &&
    wide.context === narrow.context &&
    (wide.type === '*' || wide.type === narrow.type) &&
    narrow.letters.every((letter) => wide.letters.includes(letter)) &&
    (wide.query.length === 0 || queryOf(printScope(wide)) === queryOf(printScope(narrow)))
  );
}

const queryOf = (scope: string): string => scope.slice(scope.indexOf('?'));

/** Those scopes that exist and that something of the list gives, once each. */
export function narrowScopes(asked: Iterable<string>, given: readonly string[]): string[] {
  const known = [...new Set(asked)].filter((scope) => isPlainScope(scope) || parseScope(scope));
  return known.filter((scope) => given.some((wide) => covers(wide, scope)));
}
