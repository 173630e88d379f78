import { createHash } from 'node:crypto';
import type { FhirContext } from '#fhir/rest/index.ts';
import type { Vault } from '#lib/vault.ts';
import type { Algorithm } from './signature.ts';

export interface HealthCodeSettings {
  readonly algorithm: Algorithm;
  /** Seconds that a code may be old or ahead. */
  readonly toleranceSeconds: number;
  /** In hundredths of a yuan: above it the holder confirms on the phone. */
  readonly paymentLimit: number;
}

/** What the use cases need. */
export interface HealthCodeDependencies
  extends Pick<FhirContext, 'pool' | 'store' | 'search' | 'trail' | 'validator' | 'now' | 'newId' | 'baseUrl'> {
  readonly vault: Vault;
  readonly settings: HealthCodeSettings;
}

/** How the issuer stands in codes. */
export const issuerIdOf = (issuer: string): string => createHash('sha256').update(issuer).digest('hex').slice(0, 8);
