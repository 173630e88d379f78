import { readFileSync } from 'node:fs';
import type { IndexedType } from './search-parameter-plan.ts';

/** What a path holds: values of one type of parameter, or what stands beside them. */
export type PathKind = IndexedType | 'identifier-of-type' | 'reference-identifier' | 'composite' | 'position';

/** Gives an indexed expression its number. */
export type PathNumbering = (kind: PathKind, expression: string) => number;

/** Numbers from here on are for search parameters that are created at run time; a reference's key has room for no more. */
export const firstCustomPath = 2 ** 17;
export const lastPath = 2 ** 19 - 1;

/** The name under which a path has its number in generated/index-paths.json. */
export const pathName: (kind: PathKind, expression: string) => string = (kind, expression) => `${kind} ${expression}`;

const numbers = new Map(
  Object.entries(
    JSON.parse(readFileSync(new URL('./generated/index-paths.json', import.meta.url), 'utf8')) as Record<
      string,
      number
    >,
  ),
);

/** The number of an expression that R4 has. */
export const knownPathNumber = (kind: PathKind, expression: string): number | undefined =>
  numbers.get(pathName(kind, expression));

/** The number that the rows of stored resources carry. Numbers are never changed or given again. */
export const pathNumber: PathNumbering = (kind, expression) => {
  const number = numbers.get(pathName(kind, expression));
  if (number === undefined) {
    throw new Error(`No index path for ${pathName(kind, expression)}: run scripts/generate-index-paths.ts`);
  }
  return number;
};
