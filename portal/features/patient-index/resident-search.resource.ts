import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { resourcesOf, type SearchPage, searchPage } from '../../http/fhir-client.ts';
import { type Person, patientToPerson } from '../../ui/person-banner/person.ts';
import { parseSearch, searchAddress } from './search-query.ts';

const pageSize = 50;

export interface FoundPeople {
  people: Person[];
  total: number | undefined;
  asOf: Date | undefined;
}

/** The people whom a text fits, page by page as the list is read. */
export function useFoundPeople(text: string) {
  return useInfiniteQuery({
    queryKey: ['people', text],
    queryFn: ({ pageParam, signal }) => searchPage(pageParam, signal),
    initialPageParam: searchAddress(parseSearch(text), pageSize),
    getNextPageParam: (page: SearchPage) => page.next,
    placeholderData: keepPreviousData,
    select: ({ pages }): FoundPeople => ({
      people: pages.flatMap((page) => resourcesOf('Patient', page.matches)).map(patientToPerson),
      total: pages[0]?.total,
      asOf: pages.at(-1)?.asOf,
    }),
  });
}
