import type { FailureCode, Issue } from '#lib/failure.ts';
import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import type { Surroundings } from '../expression/compiled.ts';
import type { Finding } from '../finding.ts';
import type { Item } from './items.ts';
import type { Profile, Profiles } from './profiles.ts';
import type { Rule } from './rule.ts';

/** A finding that stands or falls with whether one of some codes is in a value set that is not known here. */
export interface Question {
  readonly valueSet: string;
  readonly codings: readonly { readonly system: string | undefined; readonly code: string }[];
}

export interface ProfileFinding extends Finding {
  question?: Question;
}

/** What a reference leads to, and how. */
export interface Resolved {
  readonly resource: JsonObject;
  readonly how: 'contained' | 'bundled' | 'referenced';
}

/** One walk through a resource along a profile. */
export interface ProfileWalk extends Surroundings {
  readonly findings: ProfileFinding[];
  readonly profiles: Profiles;
  readonly unknownExtensions: 'error' | 'information';
  readonly find: (reference: string, root: JsonObject) => Resolved | undefined;
  /** What is being checked against which profile further up: profiles may lead back to themselves. */
  readonly underway: Map<JsonValue, Set<string>>;
}

/** How values are checked, for what is below it. */
export interface Checks {
  checkRule(rule: Rule, item: Item, walk: ProfileWalk): void;
  conforms(profile: Profile, item: Item, walk: ProfileWalk): boolean;
}

export function add(
  walk: ProfileWalk,
  code: FailureCode,
  problem: string,
  path = '',
  severity: Issue['severity'] = 'error',
): void {
  walk.findings.push({ severity, code, path, problem });
}

/** The findings of a part, kept apart. */
export function apart(walk: ProfileWalk, check: (inner: ProfileWalk) => void): ProfileFinding[] {
  const findings: ProfileFinding[] = [];
  check({ ...walk, findings });
  return findings;
}

export const isError = ({ severity, question }: ProfileFinding): boolean =>
  (severity === 'error' || severity === 'fatal') && question === undefined;
