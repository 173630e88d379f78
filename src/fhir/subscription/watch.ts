import { Failure } from '#lib/failure.ts';
import { isResourceType } from '../definitions/index.ts';
import type { Condition } from '../search/condition.ts';
import type { Search } from '../search/index.ts';
import { unwatchable } from './matching/match-condition.ts';

/** A criterion on resources of one type: `Observation?code=http://loinc.org|8302-2`. */
export interface Watch {
  readonly type: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly condition: Condition;
}

/** Fails with `value` or `not-supported`, and says why, where a criterion cannot be held against single changes. */
export async function parseWatch(written: string, search: Search, defaultType?: string): Promise<Watch> {
  const at = written.indexOf('?');
  const start = at < 0 ? written : written.slice(0, at);
  const isBare = at < 0 && start.includes('=');
  const type = isBare || start === '' ? defaultType : start;
  if (type === undefined || !isResourceType(type)) {
    throw new Failure('value', `"${written.slice(0, 200)}" is no criterion: write [type]?[parameters].`);
  }
  if (defaultType !== undefined && type !== defaultType) {
    throw new Failure('value', `"${written.slice(0, 200)}" must be about ${defaultType}.`);
  }
  const parameters = [...new URLSearchParams(isBare ? written : at < 0 ? '' : written.slice(at + 1))];
  const control = parameters.find(([name]) =>
    /^_(sort|count|include|revinclude|summary|total|elements|cursor)/.test(name),
  );
  if (control) throw new Failure('value', `${control[0]} says how to answer, not what to watch: leave it out.`);
  const { condition } = await search.parse({ type, parameters, handling: 'strict', restriction: undefined });
  const reason = unwatchable(condition);
  if (reason !== undefined) {
    throw new Failure('not-supported', `"${written.slice(0, 200)}" cannot be watched, because ${reason}.`);
  }
  return { type, parameters, condition };
}
