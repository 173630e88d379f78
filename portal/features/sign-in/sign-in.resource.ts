import { startAuthentication } from '@simplewebauthn/browser';
import { useQuery } from '@tanstack/react-query';
import type { DemonstrationPerson, StepView } from '../../../src/adapters/portal/index.ts';
import { postJson, requestJson } from '../../http/json-client.ts';

/** What comes next; the codes for a lost telephone stand in the answer that ends the setting up of an app. */
export type Step = StepView & { recoveryCodes?: readonly string[] };

const address = '/portal/api/sign-in';

export const sendPassword = (input: { name: string; password: string }) => postJson<Step>(`${address}/password`, input);

export const sendOneTimeCode = (input: { name: string; code: string; password: string }) =>
  postJson<Step>(`${address}/one-time-code`, input);

export const sendCode = (input: { ticket: string; code: string }) => postJson<Step>(`${address}/second-factor`, input);

export const chooseRole = (input: { ticket: string; role: string }) => postJson<Step>(`${address}/role`, input);

export const chooseDemonstration = (id: string) => postJson<Step>(`${address}/demonstration`, { id });

export interface Enrolment {
  ticket: string;
  secret: string;
  uri: string;
}

export const useEnrolment = (ticket: string) =>
  useQuery({
    queryKey: ['enrolment', ticket],
    queryFn: () => postJson<Enrolment>(`${address}/enrolment`, { ticket }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

export const finishEnrolment = (input: { ticket: string; code: string; name: string }) =>
  postJson<Step>(`${address}/enrolment/finish`, input);

interface PasskeyRequest {
  ticket: string;
  options: Parameters<typeof startAuthentication>[0]['optionsJSON'];
}

/** Asks the device for a passkey; after a password, for one of that person. Fails when its owner declines. */
export async function askForPasskey(after: string | undefined): Promise<Step> {
  const { ticket, options } = await postJson<PasskeyRequest>(
    `${address}/passkey/options`,
    after ? { ticket: after } : {},
  );
  const response = await startAuthentication({ optionsJSON: options });
  return postJson<Step>(`${address}/passkey`, { ticket, response });
}

/** Goes on after another provider has told who it is. */
export const resume = () => postJson<Step>(`${address}/resume`, {});

/** How else one may sign in here. */
export interface SignInWays {
  people: readonly DemonstrationPerson[];
  providers: readonly { id: string; name: string }[];
}

export const useSignInWays = () =>
  useQuery({
    queryKey: ['sign-in-ways'],
    queryFn: ({ signal }) => requestJson<SignInWays>(address, { signal }),
  });
