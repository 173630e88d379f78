import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type {
  GradeReport,
  NearView,
  OrganizationPage,
  OrganizationView,
  PractitionerPage,
  PractitionerView,
  PrintedInstitution,
  StaffPage,
  Standing,
  VisibleDoctors,
  VocabularyView,
} from '../../../src/modules/directory/index.ts';
import type { FoundDivisions } from '../../../src/modules/division/index.ts';
import { failureOf, putJson, requestJson } from '../../http/json-client.ts';

export type {
  GradeReport,
  NearView,
  OrganizationPage,
  OrganizationView,
  PractitionerPage,
  PractitionerView,
  PrintedInstitution,
  StaffPage,
  VisibleDoctors,
};

const address = '/api/directory';
const queryKey = ['directory'];

/** The address with those parameters that are set. */
function addressOf(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(parameters).filter((entry): entry is [string, string] => !!entry[1]);
  return `${address}/${path}?${new URLSearchParams(set)}`;
}

const vocabularyQuery = queryOptions({
  queryKey: ['directory-words'],
  queryFn: ({ signal }) => requestJson<VocabularyView>(`${address}/vocabulary`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const useVocabulary = () => useQuery(vocabularyQuery);

/** What one may do here, and which branch one looks after. */
export const useStanding = () =>
  useQuery({
    queryKey: [...queryKey, 'me'],
    queryFn: ({ signal }) => requestJson<Standing>(`${address}/me`, { signal }),
    staleTime: 60_000,
  });

export interface OrganizationFilter {
  text: string;
  kind: string;
  grade: string;
  division: string;
  state: string;
}

interface Paged {
  next?: string | undefined;
}

const nextOf = ({ next }: Paged) => next;

export const useOrganizations = (filter: OrganizationFilter) =>
  useInfiniteQuery({
    queryKey: [...queryKey, 'organizations', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<OrganizationPage>(addressOf('organization', { ...filter, cursor: pageParam }), { signal }),
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const useOrganization = (id: string) =>
  useQuery({
    queryKey: [...queryKey, 'organization', id],
    queryFn: ({ signal }) =>
      requestJson<OrganizationView>(`${address}/organization/${encodeURIComponent(id)}`, { signal }),
  });

export const useStaff = (id: string, isShown: boolean) =>
  useInfiniteQuery({
    queryKey: [...queryKey, 'staff', id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<StaffPage>(addressOf(`organization/${encodeURIComponent(id)}/staff`, { cursor: pageParam }), {
        signal,
      }),
    getNextPageParam: nextOf,
    enabled: isShown,
  });

export const useDoctors = (id: string, isShown: boolean) =>
  useInfiniteQuery({
    queryKey: [...queryKey, 'doctors', id],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<VisibleDoctors>(addressOf(`organization/${encodeURIComponent(id)}/doctors`, { cursor: pageParam }), {
        signal,
      }),
    getNextPageParam: nextOf,
    enabled: isShown,
  });

export const useGrade = (id: string, isShown: boolean) =>
  useQuery({
    queryKey: [...queryKey, 'grade', id],
    queryFn: ({ signal }) =>
      requestJson<GradeReport>(`${address}/organization/${encodeURIComponent(id)}/grade`, { signal }),
    enabled: isShown,
  });

export interface PractitionerFilter {
  text: string;
  role: string;
  division: string;
}

export const usePractitioners = (filter: PractitionerFilter) =>
  useInfiniteQuery({
    queryKey: [...queryKey, 'practitioners', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      requestJson<PractitionerPage>(addressOf('practitioner', { ...filter, cursor: pageParam }), { signal }),
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const usePractitioner = (id: string) =>
  useQuery({
    queryKey: [...queryKey, 'practitioner', id],
    queryFn: ({ signal }) =>
      requestJson<PractitionerView>(`${address}/practitioner/${encodeURIComponent(id)}`, { signal }),
  });

export interface Near {
  division: string;
  kind: string;
  text: string;
}

export const useNear = (near: Near) =>
  useQuery({
    queryKey: [...queryKey, 'near', near],
    queryFn: ({ signal }) => requestJson<NearView>(addressOf('near', { ...near }), { signal }),
    enabled: near.division !== '',
    placeholderData: keepPreviousData,
  });

export type Editable = 'organization' | 'department' | 'practitioner' | 'registration' | 'service';

export interface Saved {
  kind: Editable;
  id: string;
  /** Of what was edited; undefined for something new. */
  version?: number | undefined;
  input: Readonly<Record<string, unknown>>;
}

function useChange<Input, Result>(change: (input: Input) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey }) });
}

export const useSave = () =>
  useChange(({ kind, id, version, input }: Saved) =>
    putJson<{ id: string; version: number }>(`${address}/${kind}/${encodeURIComponent(id)}`, input, version),
  );

export const useOpenOrClose = () =>
  useChange(
    ({ id, version, ...change }: { id: string; version: number; verb: 'close' | 'reopen'; withAll?: boolean }) =>
      requestJson<PrintedInstitution>(`${address}/organization/${encodeURIComponent(id)}/${change.verb}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'if-match': `W/"${version}"` },
        body: JSON.stringify({ withAll: change.withAll ?? false }),
      }),
  );

export const useDivisions = (text: string) =>
  useQuery({
    queryKey: ['divisions', 'search', text],
    queryFn: ({ signal }) =>
      requestJson<FoundDivisions>(`/api/division?${new URLSearchParams({ text, limit: '20' })}`, { signal }),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });

/** So that signing out can be told apart from a file that is refused, an import is not a query: it streams its rows. */
export async function sendFile(
  { kind, file, isDryRun, signal }: { kind: string; file: File; isDryRun: boolean; signal: AbortSignal },
  onRows: (rows: ImportedRow[]) => void,
): Promise<void> {
  const path = kind === 'divisions' ? '/api/division/import' : `${address}/import/${kind}`;
  const response = await fetch(`${path}?dryRun=${isDryRun}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'x-meridian-request': 'portal' },
    credentials: 'same-origin',
    body: file,
    signal,
  });
  if (!response.ok || !response.body) throw await failureOf(response);
  await readRows(response.body, onRows);
}

export interface ImportedRow {
  line?: number;
  key?: string;
  fate?: 'created' | 'updated' | 'stored' | 'unchanged' | 'refused';
  reference?: string;
  problem?: string;
  problems?: { column: string; text: string }[];
  /** In the last line: whether the file was read to its end. */
  isComplete?: boolean;
}

async function readRows(body: ReadableStream<Uint8Array<ArrayBuffer>>, onRows: (rows: ImportedRow[]) => void) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? '')).split('\n');
    rest = lines.pop() ?? '';
    const rows = lines.filter(Boolean).map((line) => JSON.parse(line) as ImportedRow);
    if (rows.length > 0) onRows(rows);
    if (done) return;
  }
}

export const importAddress = (kind: string, language: string) => `${address}/template/${kind}?language=${language}`;
