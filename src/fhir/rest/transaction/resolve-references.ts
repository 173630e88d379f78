import { createBreath } from '#lib/breath.ts';
import { Failure } from '#lib/failure.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import { method, nameOf } from '../../store/index.ts';
import { collectLinks, type Link, rewriteLinks } from '../../validation/index.ts';
import { type Condition, conditionText, findOnes } from '../condition.ts';
import type { FhirContext } from '../context.ts';
import { ownReference } from '../own-references.ts';
import { requireType } from '../require.ts';
import { conditionOf } from './decide.ts';
import { idOf, type Step } from './step.ts';

/** The links of a resource, and the base against which its relative ones are understood. */
interface Linked {
  links: readonly Link[];
  base: string | undefined;
  isPatched: boolean;
}

const restful = /^(https?:\/\/.+)\/[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/;
const conditional = /^[A-Z][A-Za-z]+\?/;

/**
 * Lets references point to what the entries stand for: by fullUrl, also relative to one, and by condition. What names a
 * version, or a resource outside of the Bundle, stays as it is.
 * https://hl7.org/fhir/R4/http.html#trules, https://hl7.org/fhir/R4/bundle.html#references
 */
export async function resolveReferences(
  context: FhirContext,
  transaction: Transaction,
  steps: readonly Step[],
): Promise<void> {
  const resolved = namesOf(steps);
  const breathe = createBreath();
  const linked: Linked[] = [];
  for (const step of steps) {
    for (const each of linksOf(step)) linked.push(each);
    await breathe();
  }
  await findConditional(context, transaction, linked, resolved);
  for (const { links, base } of linked) {
    rewriteLinks(links, (reference) =>
      conditional.test(reference)
        ? resolved.get(conditionText(parseConditional(reference)))
        : (resolved.get(reference) ??
          (base && resolved.get(`${base}/${reference}`)) ??
          ownReference(reference, context.baseUrl)),
    );
    await breathe();
  }
}

/** What entries stand for, by fullUrl and by the condition of a create. */
function namesOf(steps: readonly Step[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const step of steps) {
    const { entry } = step;
    const id = idOf(step);
    if (id === undefined || entry.interaction.method === 'DELETE') continue;
    const name = nameOf(entry.interaction.type ?? '', id);
    if (entry.fullUrl !== undefined) {
      if ((names.get(entry.fullUrl) ?? name) !== name) refuseTwice(entry.fullUrl);
      names.set(entry.fullUrl, name);
    }
    const condition = conditionOf(entry);
    if (condition) names.set(conditionText(condition), name);
  }
  return names;
}

function linksOf({ entry, changes }: Step): Linked[] {
  const base = restful.exec(entry.fullUrl ?? '')?.[1];
  return changes.flatMap(({ resource, method: verb }) =>
    resource ? [{ links: collectLinks(resource), base, isPatched: verb === method.patch }] : [],
  );
}

async function findConditional(
  context: FhirContext,
  transaction: Transaction,
  linked: readonly Linked[],
  resolved: Map<string, string>,
): Promise<void> {
  const wanted = new Map<string, Condition>();
  for (const { links, isPatched } of linked) {
    for (const { kind, text } of links) {
      if (kind !== 'reference' || resolved.has(text)) continue;
      if (text.startsWith('urn:uuid:') && !isPatched) refuseUnresolved(text);
      if (!conditional.test(text)) continue;
      const condition = parseConditional(text);
      const key = conditionText(condition);
      if (!resolved.has(key)) wanted.set(key, condition);
    }
  }
  const matches = await findOnes(context, transaction, [...wanted.values()]);
  for (const [key, { type }] of wanted) {
    const match = matches.get(key);
    if (!match) throw new Failure('processing', `No resource meets the conditional reference ${key}.`);
    resolved.set(key, nameOf(type, match.id));
  }
}

function parseConditional(reference: string): Condition {
  const at = reference.indexOf('?');
  return { type: requireType({ type: reference.slice(0, at) }), query: reference.slice(at + 1) };
}

/** https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry, bdl-7 */
function refuseTwice(fullUrl: string): never {
  throw new Failure('invalid', `${fullUrl} is the fullUrl of two entries, so that nobody can tell which one is meant.`);
}

function refuseUnresolved(reference: string): never {
  throw new Failure('value', `${reference} is referred to, but no entry of the Bundle has it as fullUrl.`);
}
