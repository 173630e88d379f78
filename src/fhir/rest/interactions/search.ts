import type { Transaction } from '#lib/postgres/pool.ts';
import { requireAccess, restrictionOf } from '../../access/index.ts';
import type { FoundResource, SearchResult } from '../../search/index.ts';
import { type Answer, type Interaction, isOfForm } from '../answer.ts';
import { type BundleLink, printBundle, printOutcomeEntry, printSearchEntry } from '../bundle.ts';
import type { FhirContext } from '../context.ts';
import { noteLook } from '../looks.ts';
import { requireId, requireType } from '../require.ts';
import { chooseSubset } from '../subset.ts';

/** https://hl7.org/fhir/R4/search.html, of a type or of the whole system. */
export async function search(
  context: FhirContext,
  interaction: Interaction,
  transaction?: Transaction,
): Promise<Answer> {
  const type = interaction.type === undefined ? undefined : requireType(interaction);
  if (type !== undefined) requireAccess(context.access, 'search', type);
  const { handling } = interaction.prefer;
  const parameters = interaction.parameters.filter(([name]) => !isOfForm(name));
  const compartment = requireCompartment(interaction);
  const result = await context.search.search(
    { type, compartment, parameters, handling, restriction: restrictionOf(context.access, 'search') },
    transaction,
  );
  const query = new URLSearchParams(parameters.map(([name, value]) => [name, value]));
  await noteLook(context, 'search-type', [...result.matches, ...result.included], `${addressOf(interaction)}?${query}`);
  const subset = chooseSubset(interaction);
  const print = (found: FoundResource, mode: 'match' | 'include') =>
    printSearchEntry(`${context.baseUrl}/${found.type}/${found.id}`, subset(found.content), mode);
  const entries = [
    ...result.matches.map((found) => print(found, 'match')),
    ...result.included.map((found) => print(found, 'include')),
    ...(result.issues.length > 0 ? [printOutcomeEntry(result.issues)] : []),
  ];
  const links = printLinks(context, addressOf(interaction), result);
  return { status: 200, body: printBundle({ type: 'searchset', total: result.total, links, entries }) };
}

function requireCompartment({ compartment }: Interaction): Interaction['compartment'] {
  if (compartment === undefined) return undefined;
  return { type: requireType(compartment), id: requireId(compartment) };
}

/** Relative to the base. */
const addressOf = ({ type = '', compartment }: Interaction): string =>
  compartment ? `${compartment.type}/${compartment.id}/${type}` : type;

function printLinks({ baseUrl }: FhirContext, path: string, result: SearchResult): BundleLink[] {
  const parameters = new URLSearchParams(result.parameters.map(([name, value]) => [name, value]));
  const address = path === '' ? baseUrl : `${baseUrl}/${path}`;
  const self: BundleLink = { relation: 'self', url: parameters.size > 0 ? `${address}?${parameters}` : address };
  if (result.next === undefined) return [self];
  parameters.set('_cursor', result.next);
  return [self, { relation: 'next', url: `${address}?${parameters}` }];
}
