import { Failure } from '#lib/failure.ts';
import type { Condition } from './condition.ts';

/** A place where coded values are indexed; `hasSystem` is false where the system is implied and not indexed. */
export interface CodedPath {
  readonly path: number;
  readonly hasSystem: boolean;
}

/** The token keys of many codes: of a value set (`in`), or of those above or below one. */
export interface CodesWanted {
  readonly of: 'codes';
  readonly relation: 'in' | 'above' | 'below';
  /** The canonical URL for `in`, the code otherwise. */
  readonly value: string;
  readonly system: string;
  readonly paths: readonly CodedPath[];
}

/** The ids of the resources above or below one, itself included, along a reference to their own type. */
export interface HierarchyWanted {
  readonly of: 'hierarchy';
  readonly relation: 'above' | 'below';
  readonly type: string;
  readonly id: string;
  /** Number of the path on which a resource refers to the one above it. */
  readonly parentPath: number;
}

/** The token keys of canonical references to resources that meet a condition: they name their targets by URL. */
export interface CanonicalWanted {
  readonly of: 'canonical';
  readonly type: string;
  readonly condition: Condition;
  /** Number of the path of the targets' own URL. */
  readonly urlPath: number;
  /** Of the references. */
  readonly paths: readonly number[];
}

export type Wanted = CodesWanted | HierarchyWanted | CanonicalWanted;

/** A code of a value set may come in many words, an id as often as resources refer: more is refused. */
export const mostExpanded = 100_000;

/**
 * What must be known before a search can be planned. Parsing is pure: it names what it wants, and finds nothing there at first;
 * when that has been looked up, the search is parsed again, until nothing is missing.
 */
export class Expansions {
  readonly #missing = new Map<string, Wanted>();
  readonly #keys = new Map<string, readonly bigint[]>();
  readonly #ids = new Map<string, readonly string[]>();

  /** Token keys, none as long as they are not known. */
  keysOf(wanted: CodesWanted | CanonicalWanted): readonly bigint[] {
    const name = nameOf(wanted);
    const known = this.#keys.get(name);
    if (!known) this.#missing.set(name, wanted);
    return known ?? [];
  }

  idsOf(wanted: HierarchyWanted): readonly string[] {
    const name = nameOf(wanted);
    const known = this.#ids.get(name);
    if (!known) this.#missing.set(name, wanted);
    return known ?? [];
  }

  /** What was asked for and is not known; from now on it counts as asked for no more. */
  takeMissing(): Wanted[] {
    const missing = [...this.#missing.values()];
    this.#missing.clear();
    return missing;
  }

  setKeys(wanted: CodesWanted | CanonicalWanted, keys: readonly bigint[]): void {
    this.#keys.set(nameOf(wanted), keys);
  }

  setIds(wanted: HierarchyWanted, ids: readonly string[]): void {
    const { relation, type, id } = wanted;
    if (ids.length > mostExpanded) {
      throw new Failure(
        'too-costly',
        `More than ${mostExpanded} resources are ${relation} ${type}/${id}. Search nearer to the ends of the hierarchy.`,
      );
    }
    this.#ids.set(nameOf(wanted), ids);
  }
}

const nameOf = (wanted: Wanted): string =>
  JSON.stringify(wanted, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
