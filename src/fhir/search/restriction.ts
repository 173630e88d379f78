import type { Condition } from './condition.ts';

/** Which resources of a type somebody may see: all (undefined), none (`nothing`), or those that meet a condition. */
export type Restriction = (type: string) => Condition | undefined;
