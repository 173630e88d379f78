import { startRegistration } from '@simplewebauthn/browser';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AccountView } from '../../../src/adapters/portal/index.ts';
import { postJson, requestJson } from '../../http/json-client.ts';

export type { AccountView };

const address = '/portal/api/account';
const queryKey = ['account'];

export const useAccount = () =>
  useQuery({ queryKey, queryFn: ({ signal }) => requestJson<AccountView>(address, { signal }) });

/** A change of the account, after which it is read again. */
function useAccountChange<Input, Result>(change: (input: Input) => Promise<Result>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey }) });
}

export const useChangePassword = () =>
  useAccountChange((input: { present: string; password: string }) => postJson<object>(`${address}/password`, input));

/** Ends one session, or all `others`. */
export const useEndSessions = () =>
  useAccountChange((id: string) =>
    requestJson<{ ended: number }>(`${address}/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  );

export const useRemoveFactor = () =>
  useAccountChange(({ kind, id }: { kind: 'authenticator' | 'passkey' | 'identity'; id: string }) =>
    requestJson<object>(`${address}/factors/${kind}/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  );

/** Leaves for another provider, to come back linked. */
export const useLink = () =>
  useMutation({
    mutationFn: (id: string) => postJson<{ url: string }>(`${address}/identities/${encodeURIComponent(id)}`, {}),
    onSuccess: ({ url }) => window.location.assign(url),
  });

export interface NewCodes {
  recoveryCodes: string[];
}

export const useRecoveryCodes = () => useAccountChange(() => postJson<NewCodes>(`${address}/recovery-codes`, {}));

export interface NewAuthenticator {
  ticket: string;
  secret: string;
  uri: string;
}

export const beginAuthenticator = () => postJson<NewAuthenticator>(`${address}/authenticators`, {});

export const useFinishAuthenticator = () =>
  useAccountChange((input: { ticket: string; code: string; name: string }) =>
    postJson<NewCodes>(`${address}/authenticators/finish`, input),
  );

interface PasskeyRequest {
  ticket: string;
  options: Parameters<typeof startRegistration>[0]['optionsJSON'];
}

/** Makes a passkey on this device. Fails when its owner declines. */
export const useNewPasskey = () =>
  useAccountChange(async (name: string) => {
    const { ticket, options } = await postJson<PasskeyRequest>(`${address}/passkeys`, {});
    const response = await startRegistration({ optionsJSON: options });
    return postJson<NewCodes>(`${address}/passkeys/finish`, { ticket, name, response });
  });
