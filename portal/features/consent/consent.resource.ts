import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ConsentView,
  ProxyView,
  Receipt,
  ReceiptLine,
  Scope,
  Vocabulary,
} from '../../../src/modules/consent/index.ts';
import { resourcesOf, searchPage } from '../../http/fhir-client.ts';
import { postJson, requestJson } from '../../http/json-client.ts';
import { writtenName } from './party-name.ts';

export type { ConsentView, ProxyView, Receipt, ReceiptLine, Scope, Vocabulary };

/** All HTTP of consents. */
const address = '/api/consent';
const key = ['consent'];

interface ConsentPage {
  consents: ConsentView[];
  next?: string;
}

const get = <T>(path: string, signal: AbortSignal) => requestJson<T>(`${address}${path}`, { signal });
const about = (patient: string | undefined) => (patient === undefined ? '' : `patient=${encodeURIComponent(patient)}`);

export const useVocabulary = () =>
  useQuery({
    queryKey: [...key, 'vocabulary'],
    queryFn: ({ signal }) => get<Vocabulary>('/vocabulary', signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Of oneself, unless somebody else is named. */
export const useConsents = (patient: string | undefined) =>
  useQuery({
    queryKey: [...key, 'list', patient ?? ''],
    queryFn: ({ signal }) => get<ConsentPage>(`/?${about(patient)}`, signal),
  });

export const useProxies = (patient: string | undefined) =>
  useQuery({
    queryKey: [...key, 'proxies', patient ?? ''],
    queryFn: ({ signal }) => get<{ proxies: ProxyView[]; wards: ProxyView[] }>(`/proxies?${about(patient)}`, signal),
  });

/** What one has asked for, of one patient. */
export const useSent = (patient: string) =>
  useQuery({
    queryKey: [...key, 'sent', patient],
    queryFn: ({ signal }) => get<ConsentPage>(`/sent?${about(patient)}`, signal),
  });

/** Mandates that wait for the registration desk. */
export const useMandates = () =>
  useQuery({ queryKey: [...key, 'mandates'], queryFn: ({ signal }) => get<ConsentPage>('/mandates', signal) });

/** Who could see the record on a day of the browser's zone. */
export const useReceipt = (patient: string | undefined, day: string) =>
  useQuery({
    queryKey: [...key, 'receipt', patient ?? '', day],
    queryFn: ({ signal }) =>
      get<Receipt>(`/receipt?date=${day}&offset=${encodeURIComponent(offsetOn(day))}&${about(patient)}`, signal),
    enabled: day !== '',
  });

function offsetOn(day: string): string {
  const minutes = -new Date(`${day}T00:00:00`).getTimezoneOffset();
  const pad = (part: number) => `${Math.floor(Math.abs(part))}`.padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}

/** A change, after which all consents are read again. */
function useChange<Input>(change: (input: Input) => Promise<ConsentView>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: key }) });
}

export type ScopeInput = Omit<Scope, 'eraseAt' | 'from'> & { eraseAt?: string | undefined };

export interface DecisionInput extends Partial<ScopeInput> {
  note?: string | undefined;
}

/** Grants, denies or revokes the version that was seen. */
export const useDecide = ({ id, version }: Pick<ConsentView, 'id' | 'version'>) =>
  useChange(({ action, ...input }: DecisionInput & { action: 'grant' | 'deny' | 'revoke' }) =>
    postJson(`${address}/${encodeURIComponent(id)}/${action}`, { ...input, version }),
  );

export interface GiftInput extends ScopeInput {
  patient: string | undefined;
  party: string | undefined;
  purpose?: string | undefined;
}

export const useGive = (kind: 'grants' | 'closings') =>
  useChange((input: GiftInput) => postJson(`${address}/${kind}`, input));

export interface RequestInput extends ScopeInput {
  patient: string;
  forWhom: 'myself' | 'organization';
  purpose: string;
  reason: string;
}

export const useAsk = () => useChange((input: RequestInput) => postJson(`${address}/requests`, input));

export interface MandateInput {
  identifier: string;
  name: string;
  actFor: 'them' | 'me';
  until: string;
  reason: string;
}

export const useAskForMandate = () => useChange((input: MandateInput) => postJson(`${address}/mandates`, input));

export interface FoundParty {
  reference: string;
  display: string;
}

/** Institutions and clinicians whose names begin so. */
export const useParties = (text: string) =>
  useQuery({
    queryKey: [...key, 'parties', text],
    queryFn: async ({ signal }): Promise<FoundParty[]> => {
      const name = encodeURIComponent(text);
      const [institutions, people] = await Promise.all([
        searchPage(`Organization?name=${name}&_count=10&_elements=name`, signal),
        searchPage(`Practitioner?name=${name}&_count=10&_elements=name`, signal),
      ]);
      return [
        ...resourcesOf('Organization', institutions.matches).map(({ id, name: display = '' }) => ({
          reference: `Organization/${id}`,
          display,
        })),
        ...resourcesOf('Practitioner', people.matches).map(({ id, name: names }) => ({
          reference: `Practitioner/${id}`,
          display: writtenName(names),
        })),
      ];
    },
    enabled: text.length > 0,
    placeholderData: keepPreviousData,
  });
