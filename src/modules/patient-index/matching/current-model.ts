import type { Pool } from '#lib/postgres/pool.ts';
import type { EvidenceField } from '../evidence.ts';
import { defaultModel, type Model } from './model.ts';
import { type ModelRow, selectNewerModel } from './queries.ts';

interface StoredModel extends Omit<Model, 'frequencies'> {
  readonly frequencies: Partial<
    Record<EvidenceField, { readonly shares: [string, number][]; readonly rarest: number }>
  >;
}

export function printModel({ weights, thresholds, prior, frequencies }: Model): string {
  const printed = Object.entries(frequencies).map(([field, { shares, rarest }]) => [
    field,
    { shares: [...shares], rarest },
  ]);
  return JSON.stringify({ weights, thresholds, prior, frequencies: Object.fromEntries(printed) });
}

/** Fields that an older model does not know weigh as the default says. */
export function readModel(text: string): Model {
  const { weights, thresholds, prior, frequencies } = JSON.parse(text) as StoredModel;
  const read = Object.entries(frequencies).map(([field, { shares, rarest }]) => [
    field,
    { shares: new Map(shares), rarest },
  ]);
  return {
    weights: { ...defaultModel.weights, ...weights },
    thresholds,
    prior,
    frequencies: Object.fromEntries(read) as Model['frequencies'],
  };
}

export interface CurrentModel {
  readonly model: Model;
  /** Undefined for the defaults. */
  readonly learnt: ModelRow | undefined;
}

const freshMs = 30_000;

/** The model in force: the newest, looked for at most twice a minute. */
export function createCurrentModel(pool: Pool, now: () => number): () => Promise<CurrentModel> {
  let current: CurrentModel = { model: defaultModel, learnt: undefined };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const newer = await selectNewerModel(pool, current.learnt?.version ?? 0);
    if (newer) {
      const { content, ...learnt } = newer;
      current = { model: readModel(content), learnt };
    }
    lookedAt = now();
  };
  return async () => {
    if (now() - lookedAt > freshMs) {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      await looking;
    }
    return current;
  };
}
