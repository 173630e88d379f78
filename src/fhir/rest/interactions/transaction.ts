import { FailedCondition, Failure, type Issue } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { inTransaction, type Transaction } from '#lib/postgres/pool.ts';
import type { Once } from '../../idempotency/index.ts';
import { readPatch } from '../../patch/index.ts';
import { type Change, method, nameOf, type Outcome } from '../../store/index.ts';
import { collectReferences, rewriteReferences } from '../../validation/index.ts';
import { type Answer, answerOutcome, type Preferences } from '../answer.ts';
import { printBundle, printResponseEntry } from '../bundle.ts';
import { findOne, lockConditionsOf } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { type BundleEntry, parseEntries } from '../entries.ts';
import { answerOnce } from '../once.ts';
import { requireId, requireResource, requireType } from '../require.ts';
import { answerFound } from './create.ts';
import { patchedChange, requireMatch } from './patch.ts';
import { read, vread } from './read.ts';
import { search } from './search.ts';
import { conditionalChange, expectedVersion, requireSameId } from './update.ts';

/** An entry, with the change that it makes once its conditions are decided. */
interface Step {
  entry: BundleEntry;
  change?: Change;
  /** Set when the answer is known without a write: a conditional create that found something. */
  found?: { id: string; version: number };
}

interface Condition {
  type: string;
  query: string;
}

/**
 * A transaction is written as a whole or not at all: every entry is checked first, conditions are decided under locks,
 * references between entries are resolved, then all versions go to the store at once.
 * https://hl7.org/fhir/R4/http.html#trules
 */
export async function transact(
  context: FhirContext,
  parse: () => JsonObject,
  prefer: Preferences,
  once: Once | undefined,
): Promise<Answer> {
  let entries: BundleEntry[] | undefined = checkEntries(parse());
  return inTransaction(
    context.pool,
    (transaction) => {
      // An attempt rewrites references in place, so that another one starts from the text again.
      const fresh = entries ?? checkEntries(parse());
      entries = undefined;
      return answerOnce(context, transaction, once, async () => {
        const body = await run(context, transaction, fresh, prefer);
        return { status: 200, body };
      });
    },
    { retryUniqueViolation: true },
  );
}

function checkEntries(bundle: JsonObject): BundleEntry[] {
  const issues: Issue[] = [];
  const entries: BundleEntry[] = [];
  for (const [index, parse] of parseEntries(bundle).entries()) {
    try {
      const entry = parse();
      checkEntry(entry);
      entries.push(entry);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      issues.push(...error.issues.map((issue) => ({ ...issue, expression: place(index, issue.expression) })));
    }
  }
  const [first] = issues;
  if (first) throw new Failure(first.code, `${first.expression}: ${first.diagnostics}`, issues);
  return entries;
}

function place(index: number, expression: string | undefined): string {
  const inside = expression?.replace(/^[A-Za-z]+/, '') ?? '';
  return `Bundle.entry[${index}]${expression ? `.resource${inside}` : ''}`;
}

function checkEntry({ interaction }: BundleEntry): void {
  const { method: verb, id } = interaction;
  if (interaction.operation !== undefined) {
    throw new Failure('not-supported', 'Operations cannot be part of a transaction. Send them alone or in a batch.');
  }
  if (verb === 'GET' || verb === 'HEAD') return;
  const type = requireType(interaction);
  if (verb === 'POST' && id !== undefined) throw new Failure('value', 'Post to a resource type, not to a resource.');
  if (id !== undefined) requireId(interaction);
  if (verb === 'DELETE') return;
  if (verb === 'PATCH') {
    readPatch(interaction.resource);
    return;
  }
  const resource = requireResource(interaction.resource, type);
  if (verb === 'PUT' && id !== undefined) requireSameId(resource, id);
}

async function run(
  context: FhirContext,
  transaction: Transaction,
  entries: BundleEntry[],
  prefer: Preferences,
): Promise<string> {
  await lockConditionsOf(transaction, entries.flatMap(conditionOf));
  const steps: Step[] = [];
  for (const entry of entries) steps.push(await decide(context, transaction, entry));
  await resolveReferences(context, transaction, steps);
  const changes = steps.flatMap(({ change }) => (change ? [change] : []));
  const outcomes = await context.store.write(transaction, changes);
  const outcomeOf = new Map(changes.map((change, index) => [change, outcomes[index]]));
  const printed: string[] = [];
  for (const step of steps) {
    const outcome = step.change && outcomeOf.get(step.change);
    printed.push(printResponseEntry(await answerStep(context, transaction, step, outcome, prefer)));
  }
  return printBundle({ type: 'transaction-response', entries: printed });
}

const queryOf = ({ parameters }: BundleEntry['interaction']): string =>
  new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();

function conditionOf({ interaction }: BundleEntry): Condition[] {
  const { method: verb, type = '', id, ifNoneExist } = interaction;
  if (verb === 'POST' && ifNoneExist !== undefined) return [{ type, query: ifNoneExist }];
  if ((verb === 'PUT' || verb === 'PATCH' || verb === 'DELETE') && id === undefined)
    return [{ type, query: queryOf(interaction) }];
  return [];
}

async function decide(context: FhirContext, transaction: Transaction, entry: BundleEntry): Promise<Step> {
  const { interaction } = entry;
  const { method: verb, id, resource = {} } = interaction;
  if (verb === 'GET' || verb === 'HEAD') return { entry };
  const type = requireType(interaction);
  const [condition] = conditionOf(entry);
  const match = condition && (await findOne(context, transaction, type, condition.query));
  if (verb === 'POST') {
    if (match) return { entry, found: match };
    return { entry, change: { type, id: context.newId(), method: method.post, resource, isNew: true } };
  }
  if (verb === 'DELETE') {
    const target = id ?? match?.id;
    if (target === undefined) return { entry };
    return { entry, change: { type, id: target, method: method.delete, ...expectedVersion(interaction) } };
  }
  if (verb === 'PATCH') {
    const target = id ?? requireMatch(type, queryOf(interaction), match);
    return { entry, change: await inEntry(entry, () => patchedChange(transaction, interaction, target)) };
  }
  const change: Change =
    id === undefined
      ? conditionalChange(context, type, resource, match?.id)
      : { type, id, method: method.put, resource };
  return { entry, change: { ...change, ...expectedVersion(interaction) } };
}

/** Says in a failure of a patch which entry it was. */
async function inEntry<T>({ index }: BundleEntry, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof FailedCondition) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, expression: place(index, issue.expression) }));
    throw new Failure(error.code, `Bundle.entry[${index}]: ${error.message}`, issues);
  }
}

/** Replaces the fullUrls of entries, and conditional references (`Practitioner?identifier=...`), by `Type/id`. */
async function resolveReferences(context: FhirContext, transaction: Transaction, steps: Step[]): Promise<void> {
  const resolved = new Map<string, string>();
  for (const { entry, change, found } of steps) {
    const type = entry.interaction.type ?? '';
    const id = change?.id ?? found?.id;
    if (id === undefined) continue;
    if (entry.fullUrl !== undefined) resolved.set(entry.fullUrl, nameOf(type, id));
    const { ifNoneExist } = entry.interaction;
    if (ifNoneExist !== undefined) resolved.set(`${type}?${ifNoneExist}`, nameOf(type, id));
  }
  const resources = steps.flatMap(({ change }) => (change?.resource ? [change.resource] : []));
  for (const condition of unresolvedConditions(resources, resolved)) {
    resolved.set(condition, await findReferenced(context, transaction, condition));
  }
  for (const resource of resources) rewriteReferences(resource, (reference) => resolved.get(reference));
}

function unresolvedConditions(resources: JsonObject[], resolved: Map<string, string>): Set<string> {
  const conditions = new Set<string>();
  for (const resource of resources) {
    for (const { reference } of collectReferences(resource)) {
      if (/^[A-Z][A-Za-z]+\?/.test(reference) && !resolved.has(reference)) conditions.add(reference);
      else if (reference.startsWith('urn:uuid:') && !resolved.has(reference)) refuseUnresolved(reference);
    }
  }
  return conditions;
}

function refuseUnresolved(reference: string): never {
  throw new Failure('value', `${reference} is referred to, but no entry of the Bundle has it as fullUrl.`);
}

async function findReferenced(context: FhirContext, transaction: Transaction, reference: string): Promise<string> {
  const at = reference.indexOf('?');
  const type = requireType({ type: reference.slice(0, at) });
  const match = await findOne(context, transaction, type, reference.slice(at + 1));
  if (!match) throw new Failure('processing', `No resource meets the conditional reference ${reference}.`);
  return nameOf(type, match.id);
}

async function answerStep(
  context: FhirContext,
  transaction: Transaction,
  { entry, change, found }: Step,
  outcome: Outcome | undefined,
  prefer: Preferences,
): Promise<Answer> {
  const { interaction } = entry;
  if (change && outcome) {
    return change.method === method.delete
      ? { status: 204, version: outcome.version || undefined }
      : answerOutcome(outcome, prefer);
  }
  if (interaction.method === 'DELETE') return { status: 204 };
  if (found) return answerFound(context, transaction, { type: interaction.type ?? '', id: found.id }, prefer);
  const inside = { ...context, pool: transaction };
  if (interaction.version) return vread(inside, interaction);
  if (interaction.id !== undefined) return read(inside, interaction);
  return search(context, interaction, transaction);
}
