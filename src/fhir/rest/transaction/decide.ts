import { FailedCondition, Failure } from '#lib/failure.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { type Change, lockRows, method } from '../../store/index.ts';
import { type Condition, conditionText, findOnes, type Match, queryOf } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import type { BundleEntry } from '../entries.ts';
import { matchesToDelete } from '../interactions/delete.ts';
import { patchedChange, requireMatch } from '../interactions/patch.ts';
import { conditionalChange, expectedState, expectedVersion } from '../interactions/update.ts';
import { requireType } from '../require.ts';
import { placeInEntry } from './check-entries.ts';
import type { Step } from './step.ts';

/** The condition under which an entry writes. */
export function conditionOf({ interaction }: BundleEntry): Condition | undefined {
  const { method: verb, type = '', id, ifNoneExist } = interaction;
  if (verb === 'POST') return ifNoneExist === undefined ? undefined : { type, query: ifNoneExist };
  if (verb === 'GET' || verb === 'HEAD' || id !== undefined) return undefined;
  return { type, query: queryOf(interaction) };
}

/** What the deletions delete. */
export async function decideDeletions(
  context: FhirContext,
  transaction: Transaction,
  entries: readonly BundleEntry[],
): Promise<Step[]> {
  const steps: Step[] = [];
  for (const entry of entries) {
    const { interaction } = entry;
    const type = requireType(interaction);
    const ids =
      interaction.id === undefined ? await matchesToDelete(context, transaction, interaction) : [interaction.id];
    const expected = expectedVersion(interaction);
    steps.push({ entry, changes: ids.map((id) => ({ type, id, method: method.delete, ...expected })) });
  }
  return steps;
}

/** What the other entries create and change. Entries under one condition create one resource. */
export async function decideOthers(
  context: FhirContext,
  transaction: Transaction,
  entries: readonly BundleEntry[],
): Promise<Step[]> {
  const conditions = entries.flatMap((entry) => conditionOf(entry) ?? []);
  const matches = await findOnes(context, transaction, conditions);
  await lockPatched(transaction, entries, matches);
  const creating = new Map<string, Step>();
  const steps: Step[] = [];
  for (const entry of entries) {
    const condition = conditionOf(entry);
    const text = condition && conditionText(condition);
    const earlier = text === undefined ? undefined : creating.get(text);
    const step: Step = earlier
      ? { entry, changes: [], found: { createdBy: earlier } }
      : await decide(context, transaction, entry, text === undefined ? undefined : matches.get(text));
    if (text !== undefined && !earlier && step.changes.length > 0) creating.set(text, step);
    steps.push(step);
  }
  return steps;
}

/** Rows are locked in one order, which patches, one by one, would not keep. */
async function lockPatched(
  transaction: Transaction,
  entries: readonly BundleEntry[],
  matches: ReadonlyMap<string, Match>,
): Promise<void> {
  if (!entries.some(({ interaction }) => interaction.method === 'PATCH')) return;
  const targets = entries.flatMap((entry) => {
    const { method: verb, type = '', id } = entry.interaction;
    if (verb !== 'PATCH' && verb !== 'PUT') return [];
    const condition = conditionOf(entry);
    const target = condition ? matches.get(conditionText(condition))?.id : id;
    return target === undefined ? [] : [{ type, id: target }];
  });
  await lockRows(transaction, targets);
}

async function decide(
  context: FhirContext,
  transaction: Transaction,
  entry: BundleEntry,
  match: Match | undefined,
): Promise<Step> {
  const { interaction } = entry;
  const { method: verb, id, resource = {} } = interaction;
  if (verb === 'GET' || verb === 'HEAD') return { entry, changes: [] };
  const type = requireType(interaction);
  if (verb === 'POST') {
    const known = match ?? (await findKnown(context, transaction, type, entry));
    if (known) return { entry, changes: [], found: known };
    return { entry, changes: [{ type, id: context.newId(), method: method.post, resource, isNew: true }] };
  }
  if (verb === 'PATCH') {
    const target = id ?? requireMatch(type, queryOf(interaction), match);
    return { entry, changes: [await inEntry(entry, () => patchedChange(context, transaction, interaction, target))] };
  }
  const change: Change =
    id === undefined
      ? conditionalChange(context, type, resource, match?.id)
      : { type, id, method: method.put, resource };
  return { entry, changes: [{ ...change, ...expectedState(interaction) }] };
}

/** What is there already under no condition, as a person under other numbers. */
async function findKnown(context: FhirContext, transaction: Transaction, type: string, entry: BundleEntry) {
  const { ifNoneExist, resource } = entry.interaction;
  const { beforeCreate } = context;
  if (ifNoneExist !== undefined || !resource || !beforeCreate?.types.includes(type)) return undefined;
  return inEntry(entry, () => beforeCreate.find(context, transaction, resource));
}

/** Says in a failure of a patch which entry it was. */
async function inEntry<T>({ index }: BundleEntry, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof FailedCondition) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, expression: placeInEntry(index, issue.expression) }));
    throw new Failure(error.code, `Bundle.entry[${index}]: ${error.message}`, issues);
  }
}

/**
 * No resource may be written by two entries, whether they name it or find it.
 * https://hl7.org/fhir/R4/http.html#trules
 */
export function refuseOverlaps(steps: readonly Step[]): void {
  const writers = new Map<string, number>();
  for (const { entry, changes } of steps) {
    for (const { type, id } of changes) {
      const other = writers.get(`${type}/${id}`);
      if (other !== undefined) {
        const indexes = [other, entry.index].sort((left, right) => left - right);
        throw new Failure('invalid', `Entries ${indexes.join(' and ')} both write ${type}/${id}; send it once.`);
      }
      writers.set(`${type}/${id}`, entry.index);
    }
  }
}

/** Under one condition several entries may create, which creates once, or a single one may write. */
export function refuseSharedConditions(entries: readonly BundleEntry[]): void {
  const first = new Map<string, BundleEntry>();
  for (const entry of entries) {
    const condition = conditionOf(entry);
    if (!condition) continue;
    const text = conditionText(condition);
    const other = first.get(text);
    if (!other) first.set(text, entry);
    else if (other.interaction.method !== 'POST' || entry.interaction.method !== 'POST') {
      throw new Failure('invalid', `Entries ${other.index} and ${entry.index} both write what meets ${text}.`);
    }
  }
}
