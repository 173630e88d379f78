import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProxyView } from '../../../src/modules/consent/index.ts';
import type {
  HolderView,
  OpenedView,
  PaymentView,
  Place,
  ScanView,
  Scope,
  ShownCode,
  VisitView,
} from '../../../src/modules/health-code/index.ts';
import { postJson, requestJson } from '../../http/json-client.ts';

export type { HolderView, OpenedView, PaymentView, Place, ProxyView, ScanView, Scope, ShownCode, VisitView };

/** All HTTP of health codes. */
const address = '/api/health-code';
const holderKey = (patient: string | undefined) => ['health-code', 'holder', patient ?? ''];

const get = <T>(path: string, signal: AbortSignal) => requestJson<T>(`${address}${path}`, { signal });

/** Asked again while it is looked at: a payment may wait for the holder. */
export const useHolder = (patient: string | undefined) =>
  useQuery({
    queryKey: holderKey(patient),
    queryFn: ({ signal }) =>
      get<HolderView>(patient === undefined ? '/mine' : `/mine?patient=${encodeURIComponent(patient)}`, signal),
    refetchInterval: 5000,
  });

/** For whom the reader may show a code besides themselves. */
export const useWards = () =>
  useQuery({
    queryKey: ['consent', 'proxies', ''],
    queryFn: ({ signal }) => requestJson<{ wards: ProxyView[] }>('/api/consent/proxies?', { signal }),
  });

export interface CodeOnScreen extends ShownCode {
  /** When it came, by the clock of this device, which may be wrong. */
  receivedAt: number;
}

/** The code for the next minute, fetched again when it has run out; the last one stays while there is no network. */
export const useCode = (patient: string | undefined, isShown: boolean) =>
  useQuery({
    queryKey: ['health-code', 'code', patient ?? ''],
    queryFn: async (): Promise<CodeOnScreen> => ({
      ...(await postJson<ShownCode>(`${address}/mine/code`, { patient })),
      receivedAt: Date.now(),
    }),
    enabled: isShown,
    // Offline, too, so that it is said.
    networkMode: 'always',
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: true,
    refetchInterval: ({ state: { data, status } }) =>
      data && status !== 'error' ? Math.max(1000, data.receivedAt + data.validSeconds * 1000 - Date.now()) : 3000,
  });

/** Scopes, freezing, paper and payments: each answers with what there is then. */
export function useHolderAct(patient: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }: { path: string; body?: object }) =>
      postJson<HolderView>(`${address}/mine/${path}`, { patient, ...body }),
    onSuccess: (view) => client.setQueryData(holderKey(patient), view),
  });
}

export const useScan = () =>
  useMutation({ mutationFn: (scan: { code: string; at: Place }) => postJson<ScanView>(`${address}/scan`, scan) });

export const useVisit = () =>
  useMutation({ mutationFn: (token: string) => postJson<VisitView>(`${address}/visit`, { token }) });

export const useOpened = (token: string, what: 'prescriptions' | 'bill') =>
  useQuery({
    queryKey: ['health-code', 'opened', token, what],
    queryFn: () => postJson<OpenedView>(`${address}/${what}`, { token }),
    gcTime: 0,
    retry: false,
  });

export const useAskPayment = (token: string) =>
  useMutation({ mutationFn: (amount: number) => postJson<PaymentView>(`${address}/payments`, { token, amount }) });

/** Asked every two seconds until the holder has decided. */
export const usePayment = (asked: PaymentView | undefined) =>
  useQuery({
    queryKey: ['health-code', 'payment', asked?.id],
    queryFn: ({ signal }) => get<PaymentView>(`/payments/${asked?.id}`, signal),
    enabled: asked?.state === 'waiting',
    refetchInterval: ({ state: { data } }) => (data && data.state !== 'waiting' ? false : 2000),
  });
