import { Failure } from '#lib/failure.ts';
import type { SearchParameterPlan } from '../indexing/index.ts';
import type { TextSearch } from '../store/index.ts';
import { all, type Condition } from './condition.ts';
import type { Expansions } from './expansions.ts';
import type { Restriction } from './restriction.ts';

/** Which search parameters there are. */
export interface ParameterRegistry {
  find(type: string, code: string): SearchParameterPlan | undefined;
  ofType(type: string): Iterable<SearchParameterPlan>;
  /** Of a parameter that cannot be answered yet: for how many hundredths of the resources it is indexed; -1 if it cannot be. */
  percentOf?(type: string, code: string): number | undefined;
}

/** What the meaning of a criterion depends on besides its words. */
export interface SearchScope {
  readonly registry: ParameterRegistry;
  /** Types of the resources that are searched; never empty. */
  readonly types: readonly string[];
  /** References that begin with it are to this server's resources. */
  readonly baseUrl: string;
  /** Microseconds since 1970 UTC: `ap` widens a date by its distance from now. */
  readonly now: number;
  /** Whose words are indexed. */
  readonly textSearch: TextSearch;
  /** What terminology and hierarchies say of the codes and references that are searched. */
  readonly expansions?: Expansions;
  /** What whoever asks may see, of whatever the search goes through. */
  readonly restriction?: Restriction | undefined;
}

/** What R4 knows and this server does not do. The request is at fault (400), not its address (404). */
export class NotSupported extends Failure {
  constructor(diagnostics: string) {
    super('invalid', diagnostics, [{ severity: 'error', code: 'not-supported', diagnostics }]);
    this.name = 'NotSupported';
  }
}

/** Something that a lenient search passes over and reports, where a strict one fails. */
export class NotUnderstood extends NotSupported {
  constructor(diagnostics: string) {
    super(diagnostics);
    this.name = 'NotUnderstood';
  }
}

/** The condition, among what may be seen of this type. */
export function restricted({ restriction }: SearchScope, type: string, condition: Condition): Condition {
  const own = restriction?.(type);
  return own ? all([condition, own]) : condition;
}

/** What terminology and hierarchies say; where nobody can be asked, such a search is refused. */
export function requireExpansions({ expansions }: SearchScope, modifier: string): Expansions {
  if (!expansions) throw new NotSupported(`What :${modifier} asks for cannot be looked up here.`);
  return expansions;
}

function notAnswered(registry: ParameterRegistry, type: string, code: string): NotUnderstood {
  const percent = registry.percentOf?.(type, code);
  if (percent === undefined) return new NotUnderstood(`Search parameter "${code}" does not exist for ${type}.`);
  if (percent < 0) {
    return new NotUnderstood(
      `Search parameter "${code}" of ${type} could not be indexed: a resource has too many values of it. The job fhir.index-parameter names it: change that, or the definition, and call $reindex of the SearchParameter.`,
    );
  }
  return new NotUnderstood(
    `Search parameter "${code}" of ${type} is being indexed (${percent} %); searches can use it once that is done.`,
  );
}

/** What a parameter means for each of the searched types: it must be one of all of them. */
export function findParameter(
  { registry, types }: SearchScope,
  code: string,
): readonly [SearchParameterPlan, ...SearchParameterPlan[]] {
  const plans: SearchParameterPlan[] = [];
  for (const type of types) {
    const plan = registry.find(type, code);
    if (!plan) throw notAnswered(registry, type, code);
    plans.push(plan);
  }
  const [first, ...others] = plans;
  if (!first) throw new NotUnderstood(`Search parameter "${code}" needs a resource type.`);
  const odd = others.find(({ type }) => type !== first.type);
  if (odd) {
    throw new NotUnderstood(
      `Search parameter "${code}" is a ${first.type} for ${first.resourceType} and a ${odd.type} for ${odd.resourceType}: search one type at a time.`,
    );
  }
  return [first, ...others];
}
