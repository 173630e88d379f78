import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { FhirResource } from 'fhir/r4.js';
import { type SearchPage, searchAll, searchPage } from '../../http/fhir-client.ts';
import { type EntryKind, entryKinds, kindsOfEntry, searchOfKind } from './model/record-entry.ts';
import { dateOf, isEmpty, resourcesToItems, type TimelineItem } from './model/timeline-item.ts';

const visitsPerPage = 20;
const entriesPerPage = 60;

/** The timeline page by page: whole visits, or all entries of one kind with the visits to which they belong. */
export function useTimeline(patientId: string, kind: EntryKind | undefined) {
  const loose = useLooseEntries(patientId, kind === undefined);
  const pages = useInfiniteQuery({
    queryKey: ['record', patientId, 'timeline', kind ?? 'all'],
    queryFn: ({ pageParam, signal }) => searchPage(pageParam, signal),
    initialPageParam: kind === undefined ? visitsAddress(patientId) : kindAddress(kind, patientId),
    getNextPageParam: (page: SearchPage) => page.next,
  });
  const resources = pages.data?.pages.flatMap((page) => [...page.matches, ...page.included]);
  const items = resources && toItems(resources, loose.data ?? [], kind !== undefined, pages.hasNextPage);
  return { pages, items, loose };
}

function visitsAddress(patientId: string): string {
  const included = entryKinds
    .filter((kind) => kindsOfEntry[kind].hasEncounter)
    .map((kind) => `&_revinclude=${kindsOfEntry[kind].type}:encounter`);
  return `${searchOfKind('visits', patientId)}&_sort=-date&_count=${visitsPerPage}${included.join('')}`;
}

function kindAddress(kind: EntryKind, patientId: string): string {
  const { type, sort, hasEncounter } = kindsOfEntry[kind];
  const visits = hasEncounter ? `&_include=${type}:encounter` : '';
  return `${searchOfKind(kind, patientId)}&_sort=-${sort}&_count=${entriesPerPage}${visits}`;
}

/** What belongs to no visit, and immunizations, which R4 cannot search by their visit: put into the timeline here. */
function useLooseEntries(patientId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['record', patientId, 'loose'],
    queryFn: async ({ signal }) => {
      const searches = entryKinds.map((kind) => {
        const outside = kindsOfEntry[kind].hasEncounter ? '&encounter:missing=true' : '';
        return searchAll(`${searchOfKind(kind, patientId)}${outside}&_count=200`, 1000, signal);
      });
      return (await Promise.all(searches)).flatMap(({ matches }) => matches);
    },
    enabled,
  });
}

function toItems(
  resources: FhirResource[],
  loose: FhirResource[],
  isFiltered: boolean,
  hasMore: boolean,
): TimelineItem[] {
  const items = resourcesToItems([...resources, ...loose]);
  const oldestVisit =
    resources
      .map((resource) => (resource.resourceType === 'Encounter' ? (resource.period?.start ?? '') : dateOf(resource)))
      .sort()[0] ?? '';
  // What is older than the pages read so far waits for its page, or the timeline would show it beside a gap.
  return items.filter(
    (item) => (hasMore && item.visit === undefined ? item.at >= oldestVisit : true) && !(isFiltered && isEmpty(item)),
  );
}
