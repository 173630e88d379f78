import type { Transaction } from '#lib/postgres/pool.ts';
import type { Consent } from './consent.ts';
import { parseConsent } from './consent-resource.ts';
import { type ConsentDependencies, toResource } from './dependencies.ts';

export interface ConsentPage {
  readonly consents: readonly Consent[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

export interface ConsentQuery {
  readonly parameters: readonly (readonly [string, string])[];
  readonly count?: number;
  readonly cursor?: string | undefined;
}

/** Consents that a search of FHIR finds, newest first. Whoever calls has decided that they may be seen. */
export async function findConsents(
  { search, pool }: Pick<ConsentDependencies, 'search' | 'pool'>,
  connection: ConsentDependencies['pool'] | Transaction | undefined,
  { parameters, count = 100, cursor }: ConsentQuery,
): Promise<ConsentPage> {
  const { matches, next } = await search.search(
    {
      type: 'Consent',
      parameters: [
        ...parameters,
        ['_sort', '-date'],
        ['_count', `${count}`],
        ...(cursor === undefined ? [] : [['_cursor', cursor] as const]),
      ],
      handling: 'strict',
      restriction: undefined,
    },
    connection ?? pool,
  );
  const consents = matches.flatMap(({ content, version }) => parseConsent(toResource(content), version) ?? []);
  return { consents, next };
}
