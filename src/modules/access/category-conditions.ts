import type { Condition } from '#fhir/search/index.ts';

/** What the categories of data mean for which patients consent; a category is known by its number, 0 to 63. */
export interface CategoryConditions {
  /** Which resources of a type belong to the category: all (undefined), none (`nothing`), or those that meet a condition. */
  conditionOf(category: number, type: string): Condition | undefined;
  /** Whether whoever is given it is given what carries a label of confidentiality, too. */
  isSensitive(category: number): boolean;
  /** Done once the codes are known that the record has had for some seconds. */
  fresh?(): Promise<void>;
}
