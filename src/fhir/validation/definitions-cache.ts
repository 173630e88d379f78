import { Failure } from '#lib/failure.ts';
import type { JsonObject } from '#lib/json/index.ts';
import { type Content, createContent } from './content.ts';
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
  readonly #content: Content = createContent();
  readonly #held = new Map<string, Held>();
  #profiles: { of: readonly JsonObject[]; profiles: Profiles } | undefined;

  constructor(source: DefinitionSource) {
    this.#source = source;
  }

  /** False when it was looked for a moment ago, and nobody has it. */
  mayKnow(url: string): boolean {
    if (this.#content.profiles.find(url)) return true;
    const held = this.#held.get(keyOf('StructureDefinition', url));
    return held === undefined || held.until < Date.now() || held.definition !== undefined;
  }

  /** What is known without asking. */
  atHand(missing: Set<string> = new Set()): Known {
    const profiles = this.#knownProfiles();
    return {
      profiles: {
        urls: profiles.urls,
        find: (url) => {
          const found = profiles.find(url);
          if (!found) missing.add(keyOf('StructureDefinition', url));
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
  async complete<T>(check: (known: Known) => T): Promise<T> {
    for (let round = 0; ; round++) {
      const missing = new Set<string>();
      const result = check(this.atHand(missing));
      const wanted = [...missing].filter((key) => !this.#isHeld(key));
      if (wanted.length === 0 || round === mostRounds) return result;
      await this.#fetch('StructureDefinition', wanted);
      await this.#fetch('Questionnaire', wanted);
    }
  }

  #isHeld(key: string): boolean {
    return (this.#held.get(key)?.until ?? 0) >= Date.now();
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
    if (this.#held.size + urls.length > mostHeld) this.#held.clear();
    const until = Date.now() + heldMs;
    for (const url of urls) this.#held.set(`${type} ${url}`, { until, definition: found.get(url) });
  }

  /** Compiled again only when the stored profiles that are held have changed. */
  #knownProfiles(): Profiles {
    const stored = [...this.#held.values()].flatMap(({ definition }) =>
      definition && isProfile(definition) ? [definition] : [],
    );
    const { of = [], profiles } = this.#profiles ?? {};
    if (profiles && of.length === stored.length && of.every((definition, index) => definition === stored[index])) {
      return profiles;
    }
    const fresh =
      stored.length === 0
        ? this.#content.profiles
        : createProfiles([...(stored as unknown as StructureDefinition[]), ...this.#content.definitions]);
    this.#profiles = { of: stored, profiles: fresh };
    return fresh;
  }
}

/** Without version: what is stored under an address counts, whichever version is asked for. */
const keyOf = (type: DefinitionType, url: string): string => `${type} ${url.replace(/[|#].*$/, '')}`;
