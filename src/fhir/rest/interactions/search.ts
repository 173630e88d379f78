import type { JsonObject } from '#lib/json/index.ts';
import { parseJson } from '#lib/json/index.ts';
import type { Transaction } from '#lib/postgres/pool.ts';
import type { FoundResource, SearchResult } from '../../search/index.ts';
import { elementsOf, summaryOf } from '../../validation/index.ts';
import type { Answer, Interaction } from '../answer.ts';
import { type BundleLink, printBundle, printOutcomeEntry, printSearchEntry } from '../bundle.ts';
import type { FhirContext } from '../context.ts';
import { requireType } from '../require.ts';

/** https://hl7.org/fhir/R4/search.html, of a type or of the whole system. */
export async function search(
  context: FhirContext,
  interaction: Interaction,
  transaction?: Transaction,
): Promise<Answer> {
  const type = interaction.type === undefined ? undefined : requireType(interaction);
  const { handling } = interaction.prefer;
  const parameters = interaction.parameters.filter(([name]) => name !== '_format' && name !== '_pretty');
  const result = await context.search.search({ type, parameters, handling }, transaction);
  const subset = chooseSubset(interaction);
  const print = (found: FoundResource, mode: 'match' | 'include') =>
    printSearchEntry(`${context.baseUrl}/${found.type}/${found.id}`, subset(found.content), mode);
  const entries = [
    ...result.matches.map((found) => print(found, 'match')),
    ...result.included.map((found) => print(found, 'include')),
    ...(result.issues.length > 0 ? [printOutcomeEntry(result.issues)] : []),
  ];
  const links = printLinks(context, type, result);
  return { status: 200, body: printBundle({ type: 'searchset', total: result.total, links, entries }) };
}

function printLinks({ baseUrl }: FhirContext, type: string | undefined, result: SearchResult): BundleLink[] {
  const parameters = new URLSearchParams(result.parameters.map(([name, value]) => [name, value]));
  const address = type === undefined ? baseUrl : `${baseUrl}/${type}`;
  const self: BundleLink = { relation: 'self', url: parameters.size > 0 ? `${address}?${parameters}` : address };
  if (result.next === undefined) return [self];
  parameters.set('_cursor', result.next);
  return [self, { relation: 'next', url: `${address}?${parameters}` }];
}

/** What `_summary` and `_elements` leave of a resource; most searches ask for neither and get the stored text. */
function chooseSubset({ parameters }: Interaction): (content: string) => string {
  const parameterNamed = (wanted: string) => parameters.find(([name]) => name === wanted)?.[1];
  const elements = parameterNamed('_elements');
  const summary = parameterNamed('_summary');
  if (elements !== undefined) {
    const names = elements.split(',').map((name) => name.trim());
    return (content) => JSON.stringify(elementsOf(parseJson(content) as JsonObject, names));
  }
  if (summary === 'true' || summary === 'text' || summary === 'data') {
    return (content) => JSON.stringify(summaryOf(parseJson(content) as JsonObject, summary));
  }
  return (content) => content;
}
