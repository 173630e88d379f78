export interface RegionOptions {
  seed: number;
  /** How many Patients; some of them have died in the last three years. */
  residents: number;
  /** The date on which the region is looked at, as 2026-11-25: the last visits lie close before it. */
  now: string;
}
