import { type DemoPerson, demoPeople } from '#population/region.ts';
import type { Config } from './config.ts';
import type { DemonstrationRegion } from './queries.ts';

/** The people of the demonstration region, of whom the sign-in page offers those who exist. */
export const peopleOf = (region: DemonstrationRegion | undefined): DemoPerson[] => (region ? demoPeople(region) : []);

/** Whether they may be chosen without a password: never beyond a demonstration, and by default never over a network. */
export function mayBeChosen(
  { MERIDIAN_DEMONSTRATION_SIGN_IN: choice, HOST }: Config,
  region: DemonstrationRegion | undefined,
): boolean {
  if (!region || choice === 'off') return false;
  return choice === 'on' || /^(localhost|::1|127\..*)$/.test(HOST);
}
