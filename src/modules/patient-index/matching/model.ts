import type { EvidenceField } from '../evidence.ts';

/** Of each level of a field: how often it occurs in pairs of one person (m), and in pairs of two (u). */
export interface FieldWeights {
  readonly m: readonly number[];
  readonly u: readonly number[];
}

export interface Thresholds {
  /** From here on, two records are linked unless a rule forbids it. */
  readonly link: number;
  /** From here on, somebody looks at them. */
  readonly review: number;
  /** Where a pair is more likely one person than two, in sum: the F1 that the model expects is greatest. */
  readonly decide: number;
}

/** All that a score depends on. */
export interface Model {
  readonly weights: Readonly<Record<EvidenceField, FieldWeights>>;
  readonly thresholds: Thresholds;
  /** log2 of the odds that two records taken at random are of one person. */
  readonly prior: number;
  /** Shares of the frequent values of a field; what is not there is as rare as `rarest`. */
  readonly frequencies: Partial<
    Record<EvidenceField, { readonly shares: ReadonlyMap<string, number>; readonly rarest: number }>
  >;
}

/** The weights of the reference, until there is enough to learn from. */
export const defaultWeights: Model['weights'] = {
  name: { m: [0.9, 0.03, 0.03, 0.015, 0.015, 0.01], u: [0.0008, 0.0001, 0.0012, 0.0025, 0.02, 0.9754] },
  familyName: { m: [0.86, 0.06, 0.005, 0.015, 0.02, 0.04], u: [0.004, 0.004, 0.001, 0.001, 0.01, 0.98] },
  givenName: { m: [0.82, 0.06, 0.02, 0.015, 0.035, 0.05], u: [0.008, 0.006, 0.004, 0.001, 0.011, 0.97] },
  birthDate: { m: [0.97, 0.004, 0.012, 0.008, 0.006], u: [0.00005, 0.00005, 0.0012, 0.013, 0.9857] },
  sex: { m: [0.99, 0.01], u: [0.5, 0.5] },
  nationalId: { m: [0.96, 0.02, 0.02], u: [1e-6, 5e-6, 0.999994] },
  document: { m: [0.85, 0.03, 0.12], u: [1e-6, 5e-6, 0.999994] },
  insuranceNumber: { m: [0.94, 0.01, 0.05], u: [1e-6, 5e-6, 0.999994] },
  phone: { m: [0.7, 0.02, 0.28], u: [1e-5, 5e-5, 0.99994] },
  address: { m: [0.5, 0.1, 0.1, 0.15, 0.15], u: [5e-4, 1e-3, 0.005, 0.0135, 0.98] },
  mother: { m: [0.95, 0.05], u: [1e-4, 0.9999] },
  birthOrder: { m: [0.99, 0.01], u: [0.5, 0.5] },
};

export const defaultModel: Model = {
  weights: defaultWeights,
  thresholds: { link: 22, review: 12, decide: 17 },
  prior: -17,
  frequencies: {},
};
