import type { CodeSystem } from '../code-system.ts';
import type { Condition } from '../condition.ts';
import { textAt } from '../element.ts';
import { readFilter } from '../filter.ts';
import type { Scope } from '../scope.ts';
import type { Include, PreparedValueSet } from '../validate/prepare.ts';
import { matchesVersion } from '../version.ts';

/** How an exclusion is carried out on the codes of an include. */
type Way = 'no matter' | 'as condition' | 'code by code';

function wayOf(scope: Scope, exclude: Include, codeSystem: CodeSystem): Way {
  if (exclude.system !== undefined && exclude.system !== codeSystem.url) return 'no matter';
  if (exclude.system === undefined || exclude.imports.length > 0) return 'code by code';
  const { version } = exclude;
  if (version === undefined || codeSystem.version === undefined) return 'as condition';
  if (matchesVersion(version, codeSystem.version)) return 'as condition';
  return scope.settings.isSet('versionsMatch') ? 'code by code' : 'no matter';
}

/** Exclusions of the code system of an include, for it to leave them out by itself. */
export async function exclusionConditions(
  scope: Scope,
  { excludes }: PreparedValueSet,
  codeSystem: CodeSystem,
): Promise<Condition[]> {
  const conditions: Condition[] = [];
  for (const exclude of excludes) {
    if (wayOf(scope, exclude, codeSystem) !== 'as condition') continue;
    conditions.push({ kind: 'not', condition: await excludedBy(exclude, codeSystem) });
  }
  return conditions;
}

async function excludedBy({ concepts, filters, path }: Include, codeSystem: CodeSystem): Promise<Condition> {
  const conditions: Condition[] = [];
  if (concepts) {
    const found = await codeSystem.concepts.find(concepts.map((concept) => textAt(concept, 'code') ?? ''));
    conditions.push({ kind: 'among', numbers: found.flatMap((concept) => concept?.number ?? []) });
  }
  for (const [index, filter] of filters.entries()) {
    conditions.push(await readFilter(codeSystem, filter, `${path}.filter[${index}]`));
  }
  const [first, ...others] = conditions;
  return first && others.length === 0 ? first : { kind: 'all', conditions };
}

/** Whether exclusions are left that each code must be held against. */
export const hasOtherExclusions = (scope: Scope, { excludes }: PreparedValueSet, codeSystem: CodeSystem): boolean =>
  excludes.some((exclude) => wayOf(scope, exclude, codeSystem) === 'code by code');
