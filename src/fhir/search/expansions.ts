import { Failure } from '#lib/failure.ts';

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

/** A code of a value set may come in many words, an id as often as resources refer: more is refused. */
export const mostExpanded = 100_000;

/**
 * What must be known before a search can be planned. Parsing is pure: it names what it wants, and finds nothing there at first;
 * when that has been looked up, the search is parsed again.
 */
export class Expansions {
  readonly codes = new Map<string, CodesWanted>();
  readonly hierarchies = new Map<string, HierarchyWanted>();
  readonly #keys = new Map<string, readonly bigint[]>();
  readonly #ids = new Map<string, readonly string[]>();

  /** Token keys, none as long as they are not known. */
  keysOf(wanted: CodesWanted): readonly bigint[] {
    const name = JSON.stringify(wanted);
    const known = this.#keys.get(name);
    if (!known) this.codes.set(name, wanted);
    return known ?? [];
  }

  idsOf(wanted: HierarchyWanted): readonly string[] {
    const name = JSON.stringify(wanted);
    const known = this.#ids.get(name);
    if (!known) this.hierarchies.set(name, wanted);
    return known ?? [];
  }

  setKeys(name: string, keys: readonly bigint[]): void {
    this.#keys.set(name, keys);
  }

  setIds(name: string, ids: readonly string[]): void {
    if (ids.length > mostExpanded) {
      const { relation, type, id } = this.hierarchies.get(name) ?? {};
      throw new Failure(
        'too-costly',
        `More than ${mostExpanded} resources are ${relation} ${type}/${id}. Search nearer to the ends of the hierarchy.`,
      );
    }
    this.#ids.set(name, ids);
  }
}
