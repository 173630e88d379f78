import { createBreath } from '#lib/breath.ts';
import { Failure, type Issue } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { readPatch } from '../../patch/index.ts';
import type { Validator } from '../../validation/index.ts';
import { type BundleEntry, parseEntries } from '../entries.ts';
import { requireSameId } from '../interactions/update.ts';
import { requireId, requireResource, requireType } from '../require.ts';

/** The entries of a transaction; fails with all that is wrong with any of them. */
export async function checkEntries(validator: Validator, bundle: JsonObject): Promise<BundleEntry[]> {
  const issues: Issue[] = [];
  const entries: BundleEntry[] = [];
  const breathe = createBreath();
  for (const [index, parse] of parseEntries(bundle).entries()) {
    await breathe();
    try {
      const entry = parse();
      await checkEntry(validator, entry);
      entries.push(entry);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      issues.push(...error.issues.map((issue) => ({ ...issue, expression: placeInEntry(index, issue.expression) })));
    }
  }
  const [first] = issues;
  if (first) throw new Failure(first.code, `${first.expression}: ${first.diagnostics}`, issues);
  return entries;
}

/** `Patient.name[0]` of an entry's resource, seen from the Bundle. */
export function placeInEntry(index: number, expression: string | undefined): string {
  const inside = expression?.replace(/^[A-Za-z]+/, '') ?? '';
  return `Bundle.entry[${index}]${expression ? `.resource${inside}` : ''}`;
}

async function checkEntry(validator: Validator, { interaction }: BundleEntry): Promise<void> {
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
  const resource = await requireResource(validator, interaction.resource, type);
  if (verb === 'PUT' && id !== undefined) requireSameId(resource, id);
}
