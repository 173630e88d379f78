/** A name in Chinese characters. */
export interface HanName {
  /** As written, without spaces and dots. */
  readonly text: string;
  /** In simplified characters. */
  readonly folded: string;
}

/** A name in Latin letters: small, without accents, each part without spaces. */
export interface LatinName {
  readonly family: string;
  readonly given: string;
}

/** Where somebody lives, as far as it is known. */
export interface Place {
  /** GB/T 2260 and below, 2 to 12 digits; empty where it is not coded. */
  readonly division: string;
  /** Numbers, words or pairs of characters of what stands beside it. */
  readonly tokens: readonly string[];
  /** As it is shown. */
  readonly text: string;
}

export interface DocumentNumber {
  readonly system: string;
  readonly number: string;
}

/** What matching knows of a person. Lists hold former values, too. */
export interface Person {
  readonly han: readonly HanName[];
  readonly latin: readonly LatinName[];
  /** The name says only whose child it is: 王芳之子. */
  readonly isNewborn: boolean;
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly birthDate: string | undefined;
  readonly sex: 'male' | 'female' | undefined;
  /** Resident identity numbers of 18 characters, whether or not their check digit is right. */
  readonly nationalIds: readonly string[];
  /** Passports, permits, birth certificates, numbers of other institutions. */
  readonly documents: readonly DocumentNumber[];
  readonly insuranceNumbers: readonly string[];
  /** Digits, without the code of the country. */
  readonly phones: readonly string[];
  readonly places: readonly Place[];
  /** Ids or names of the mother: `id|...` and `name|...`. */
  readonly mothers: readonly string[];
  /** Of several born together: 1, 2 ... */
  readonly birthOrder: number | undefined;
  /** HH:MM, where the time of the birth is recorded. */
  readonly birthTime: string | undefined;
}
