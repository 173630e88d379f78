import { createBreath } from '#lib/breath.ts';
import { Failure, type FailureCode, type Issue } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { type DefinitionSource, Definitions } from './definitions-cache.ts';
import { printIssue } from './finding.ts';
import { modeOf, type ValidationPolicy } from './policy/policy.ts';
import type { ProfileFinding } from './profile/walk.ts';
import { findBrokenRules } from './rules.ts';
import { findStructure } from './structure.ts';
import { claimsOf, findBrokenClaims, validateInSteps } from './validate.ts';

/** Answers whether codes belong to value sets that R4 does not enumerate itself. */
export interface ValueSetSource {
  /** Undefined when the value set, or the code system, is not known. */
  contains(valueSet: string, system: string | undefined, code: string): Promise<boolean | undefined>;
}

export interface ValidatorDependencies {
  readonly policy: ValidationPolicy;
  /** Profiles, extensions and Questionnaires that are stored. */
  readonly definitions: DefinitionSource;
  readonly valueSets: ValueSetSource | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly now?: () => number;
}

export interface Validator {
  /**
   * Fails with all that keeps a resource from being stored. What the policy lets pass is noted on the resource, for
   * `issuesOf`. Only waits where a profile that the resource claims leads to what is not known in this process.
   */
  check(resource: JsonObject): Promise<void> | undefined;
  /** As check, without waiting: what would have to be asked for is left to $validate. */
  checkAtOnce(resource: JsonObject): void;
  /** What was found in a resource and let pass. */
  issuesOf(resource: JsonObject): readonly Issue[];
  /** Everything that can be said about a resource, warnings included. */
  validate(resource: JsonObject, against?: readonly string[]): Promise<Issue[]>;
}

/** So many issues are told; the last one says how many more there are. */
const mostIssues = 100;
const mostFindings = 1000;

const nothing: readonly Issue[] = Object.freeze([]);

export function createValidator({
  policy,
  definitions: source,
  valueSets,
  now = Date.now,
}: ValidatorDependencies): Validator {
  const noted = new WeakMap<JsonObject, readonly Issue[]>();
  const definitions = new Definitions(source, now);

  const settle = (resource: JsonObject, findings: readonly ProfileFinding[]): void => {
    const errors = findings.filter(({ severity }) => severity === 'error' || severity === 'fatal');
    if (errors.length === 0) return;
    const issues = printFindings(errors, resource);
    if (modeOf(policy, resource) === 'lenient') noted.set(resource, issues);
    else refuse(issues);
  };

  const findAtOnce = (resource: JsonObject): ProfileFinding[] => {
    const structure = findStructure(resource);
    if (structure.some(({ severity }) => severity === 'error')) refuse(printFindings(structure, resource));
    return findBrokenRules(resource, { most: mostFindings, isThorough: false });
  };

  const checkClaims = async (resource: JsonObject, findings: readonly ProfileFinding[]): Promise<void> => {
    const broken = await definitions.complete((known) => findBrokenClaims(resource, known));
    settle(resource, [...findings, ...(await decideQuestions(broken, valueSets))]);
  };

  return {
    check(resource) {
      const findings = findAtOnce(resource);
      const claims = claimsOf(resource);
      if (claims.length > 0 && claims.some((url) => definitions.mayKnow(url))) return checkClaims(resource, findings);
      settle(resource, findings);
      return undefined;
    },
    checkAtOnce(resource) {
      const findings = findAtOnce(resource);
      const broken = claimsOf(resource).length > 0 ? findBrokenClaims(resource, definitions.atHand()) : [];
      settle(resource, [...findings, ...broken.filter(({ question }) => question === undefined)]);
    },
    issuesOf: (resource) => noted.get(resource) ?? nothing,
    async validate(resource, against = []) {
      const findings = await definitions.complete((known) => inTurns(validateInSteps(resource, { ...known, against })));
      return printFindings(await decideQuestions(findings, valueSets), resource);
    },
  };
}

/** Other requests have their turn now and then. */
async function inTurns<T>(steps: Generator<undefined, T, undefined>): Promise<T> {
  const breath = createBreath(50);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await breath();
  }
}

/** Fails with what breaks R4 itself, profiles aside: a strict policy for everybody. */
export function refuseBroken(resource: JsonObject): void {
  const structure = findStructure(resource);
  if (structure.some(({ severity }) => severity === 'error')) refuse(printFindings(structure, resource));
  const findings = findBrokenRules(resource, { most: mostFindings, isThorough: false });
  refuse(printFindings(findings, resource));
}

function refuse(issues: readonly Issue[]): void {
  const [first] = issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  if (first) throw new Failure(first.code, first.diagnostics, issues);
}

const rank = { fatal: 0, error: 1, warning: 2, information: 3 } as const;

/** The worst first, up to a number that is worth reading. */
function printFindings(findings: readonly ProfileFinding[], { resourceType }: JsonObject): Issue[] {
  const root = typeof resourceType === 'string' ? resourceType.slice(0, 64) : '';
  const sorted = [...findings].sort((left, right) => rank[left.severity] - rank[right.severity]);
  const issues = sorted.slice(0, mostIssues).map((finding) => printIssue(finding, root));
  const more = sorted.length - issues.length;
  if (more <= 0) return issues;
  const severity = sorted[mostIssues]?.severity ?? 'information';
  const code: FailureCode = 'too-costly';
  return [...issues, { severity, code, diagnostics: `There are at least ${more} more issues; correct these first.` }];
}

/** Asks terminology about the codes on which findings depend. */
async function decideQuestions(
  findings: readonly ProfileFinding[],
  valueSets: ValueSetSource | undefined,
): Promise<ProfileFinding[]> {
  const decided: ProfileFinding[] = [];
  for (const { question, ...finding } of findings) {
    if (!question) {
      decided.push(finding);
      continue;
    }
    const { valueSet, codings } = question;
    const answers: (boolean | undefined)[] = [];
    for (const { system, code } of codings) answers.push(await valueSets?.contains(valueSet, system, code));
    if (answers.includes(true)) continue;
    const problem = `could not be looked up in ${valueSet}, which is not known here`;
    decided.push(
      answers.includes(undefined) ? { ...finding, severity: 'warning', code: 'not-found', problem } : finding,
    );
  }
  return decided;
}
