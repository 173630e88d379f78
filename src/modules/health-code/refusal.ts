import { Failure } from '#lib/failure.ts';

/** Why a code opens nothing: codes of http://meridian.health/fhir/CodeSystem/health-code-refusal */
export const refusals = {
  unreadable: 'This is no health code of this kind. Scan it again, or type in the digits below it.',
  'wrong-issuer': 'This code was made by another issuer, whose codes are not taken here.',
  'unknown-key': 'The key under which this code is signed is not known. Fetch the keys of the issuer again.',
  forged: 'This code was not signed by its issuer. Do not take it.',
  expired: 'This code has run out. Let the phone show the next one.',
  'not-yet': 'This code is of the future: set the clock of this device.',
  replayed: 'This code has been used already. Let the phone show the next one.',
  'needs-network': 'A code on paper can be checked only while connected.',
  revoked: 'This code has been called back. Ask for another proof of identity.',
  frozen: 'The holder has frozen the code. It opens nothing until they unfreeze it.',
  'not-consented': 'The holder has not allowed this use of the code. They can do so on their phone.',
  unknown: 'These digits are those of no code that is shown now.',
} as const;

export type Refusal = keyof typeof refusals;

export const refusalSystem = 'http://meridian.health/fhir/CodeSystem/health-code-refusal';

/** A code that opens nothing; the reason is told to whoever scans and to the holder. */
export class RefusedCode extends Failure {
  readonly reason: Refusal;

  constructor(reason: Refusal) {
    super(reason === 'unreadable' ? 'value' : 'business-rule', refusals[reason]);
    this.reason = reason;
  }
}
