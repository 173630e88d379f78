import type { DemonstrationProofs } from '#modules/account/index.ts';
import type { DemoPerson } from '#population/region.ts';

/** A server that answers. */
export interface Running {
  address: string;
  /** Who may be chosen at sign-in without a password. */
  people: readonly DemoPerson[];
  /** Who of them can be tried with a password and a second factor. */
  proofs: readonly DemonstrationProofs[];
  /** With what somebody begins to administer a platform that nobody administers yet. */
  setUp: { name: string; code: string } | undefined;
  stop(): Promise<void>;
}

/** Says where it is, and how to sign in. */
export function announce({ address, people, proofs, setUp }: Running): void {
  console.log(`\nMeridian is ready: ${address}\nFHIR R4 service:   ${address}/fhir`);
  if (people.length > 0) console.log('\nSign-ins, chosen on the first page, without a password:');
  for (const { name, role, organization } of people) {
    console.log(`  ${name.en} ${name.zh}, ${role.replaceAll('-', ' ')}, ${organization.en}`);
  }
  if (proofs.length > 0) console.log('\nTo be tried with a password and a second factor:');
  for (const { name, password, secret } of proofs) {
    console.log(`  ${name}, password ${password}, authenticator key ${secret}`);
  }
  if (setUp) {
    console.log(`\nNobody administers this platform yet. Open ${address}/sign-in/set-up and sign in as`);
    console.log(`  ${setUp.name}, one-time code ${setUp.code}`);
  }
  console.log('\nStop with Ctrl+C.');
}
