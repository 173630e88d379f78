import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { type Content, createContent } from './content.ts';
import { isEqual } from './expression/compare.ts';
import { createProfiles, type Profiles } from './profile/profiles.ts';
import { isProfile, type StructureDefinition } from './profile/structure-definition.ts';
import type { Validation } from './validate.ts';

/** Where profiles and Questionnaires are stored. */
export interface DefinitionSource {
  /** By their canonical addresses (without version) those that there are, each the latest. */
  find(type: DefinitionType, urls: readonly string[]): Promise<ReadonlyMap<string, JsonObject>>;
}

export type DefinitionType = 'StructureDefinition' | 'Questionnaire';

interface Held {
  readonly until: number;
  readonly definition: JsonObject | undefined;
}

/** A change of a stored profile takes effect after so long at the latest. */
const heldMs = 10_000;
const mostHeld = 5000;
const mostWanted = 1000;
/** A profile may lead to another, and so on. */
const mostRounds = 8;

export type Known = Omit<Validation, 'against'>;

/** The profiles of `content/profiles` and those that are stored, the latter fetched as they are asked for. */
export class Definitions {
  readonly #source: DefinitionSource;
  readonly #now: () => number;
  readonly #content: Content = createContent();
  readonly #held = new Map<string, Held>();
  #profiles: Profiles | undefined;

  constructor(source: DefinitionSource, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  /** False when it was looked for a moment ago, and nobody has it. */
  mayKnow(url: string): boolean {
    if (this.#content.profiles.find(url)) return true;
    const held = this.#held.get(keyOf('StructureDefinition', url));
    return held === undefined || held.until < this.#now() || held.definition !== undefined;
  }

  /** What is known without asking. */
  atHand(missing: Set<string> = new Set()): Known {
    const profiles = this.#knownProfiles();
    return {
      profiles: {
        urls: profiles.urls,
        find: (url) => {
          const found = profiles.find(url);
          const key = keyOf('StructureDefinition', url);
          // What is held for too long is looked for again, as it may have changed.
          if (this.#held.has(key) ? !this.#isHeld(key) : !found) missing.add(key);
          return found;
        },
      },
      canonical: (url) => {
        const key = keyOf('Questionnaire', url);
        if (!this.#isHeld(key)) missing.add(key);
        return this.#held.get(key)?.definition;
      },
    };
  }

  /** Repeats a check until all that it asks for was looked for. */
  async complete<T>(check: (known: Known) => T | Promise<T>): Promise<T> {
    for (let round = 0; ; round++) {
      const missing = new Set<string>();
      const result = await check(this.atHand(missing));
      const wanted = [...missing].filter((key) => !this.#isHeld(key));
      if (wanted.length === 0 || round === mostRounds) return result;
      await this.#fetch('StructureDefinition', wanted);
      await this.#fetch('Questionnaire', wanted);
    }
  }

  #isHeld(key: string): boolean {
    const held = this.#held.get(key);
    return held !== undefined && held.until >= this.#now();
  }

  async #fetch(type: DefinitionType, keys: readonly string[]): Promise<void> {
    const urls = keys.filter((key) => key.startsWith(`${type} `)).map((key) => key.slice(type.length + 1));
    if (urls.length === 0) return;
    if (urls.length > mostWanted) {
      throw new Failure(
        'too-costly',
        `The resource asks for ${urls.length} definitions; ${mostWanted} can be looked up.`,
      );
    }
    const found = await this.#source.find(
      type,
      urls.filter((url) => /^[a-z][a-z0-9+.-]*:/i.test(url)),
    );
    if (this.#held.size + urls.length > mostHeld) {
      this.#held.clear();
      this.#profiles = undefined;
    }
    const until = this.#now() + heldMs;
    let hasChanged = false;
    for (const url of urls) {
      const key = `${type} ${url}`;
      const before = this.#held.get(key)?.definition;
      const definition = found.get(url);
      const isSame = before !== undefined && definition !== undefined && isEqual(before, definition);
      hasChanged ||= !isSame && (before !== undefined || definition !== undefined);
      this.#held.set(key, { until, definition: isSame ? before : definition });
    }
    if (hasChanged) this.#profiles = undefined;
  }

  /** Compiled again only when the stored profiles that are held have changed. */
  #knownProfiles(): Profiles {
    this.#profiles ??= this.#compile();
    return this.#profiles;
  }

  #compile(): Profiles {
    const stored = [...this.#held.values()].flatMap(({ definition }) =>
      definition && isProfile(definition) ? [definition as JsonObject as unknown as StructureDefinition] : [],
    );
    if (stored.length === 0) return this.#content.profiles;
    return createProfiles([...stored, ...this.#content.definitions]);
  }
}

/** Without version: what is stored under an address counts, whichever version is asked for. */
const keyOf = (type: DefinitionType, url: string): string => `${type} ${url.replace(/[|#].*$/, '')}`;
