import { createBreath } from '#lib/breath.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { CodeSystem } from './code-system.ts';
import { objectsAt, textAt } from './element.ts';
import type { Entry, TerminologyType } from './entry.ts';
import { terminologyFault } from './fault.ts';
import type { Library } from './library.ts';
import { ruleName, type Settings, type VersionRule } from './settings.ts';
import { compareVersions, joinCanonical, matchesVersion, splitCanonical } from './version.ts';

/** A value set, and where it came from. */
export interface FoundValueSet {
  readonly resource: JsonObject;
  readonly url: string;
  readonly version: string | undefined;
  /** Within another one: has no address of its own. */
  readonly isContained: boolean;
  /** The same for the same value set. */
  readonly key: string;
}

const rankOf = ({ key, rid }: Entry): number => (key.startsWith('own ') ? 0 : rid === undefined ? 2 : 1);

const newer = (best: Entry | undefined, entry: Entry): Entry =>
  best && compareVersions(entry.version ?? '', best.version ?? '') <= 0 ? best : entry;

/** Some seconds of work. */
const mostSteps = 500_000;

const tooEntangled = (): Error =>
  terminologyFault({
    code: 'too-costly',
    messageId: 'VALUESET_TOO_COSTLY',
    text: `The value set needs more than ${mostSteps} comparisons of codes. Ask for part of it, or import fewer value sets.`,
  });

/** What one request can see: the resources that it brought, those that are stored, and those that are built in. */
export class Scope {
  readonly library: Library;
  readonly settings: Settings;
  readonly usedSupplements = new Set<string>();
  /** Rules that named a version, as they are told in an expansion. */
  readonly usedRules = new Map<string, { name: string; canonical: string }>();
  readonly #own: readonly JsonObject[];
  readonly #breathe = createBreath();
  #spent = 0;
  readonly #ownCodeSystems = new Map<string, Promise<CodeSystem | undefined>>();

  constructor(library: Library, settings: Settings, own: readonly JsonObject[]) {
    this.library = library;
    this.settings = settings;
    this.#own = own;
  }

  /**
   * To be called for each code that is held against a part of a value set. Others have their turn now and then; and since
   * imports can be entangled so that looking through them never ends, it ends here.
   */
  spend(): Promise<void> | undefined {
    if (++this.#spent > mostSteps) throw tooEntangled();
    return this.#breathe();
  }

  async #entries(type: TerminologyType, url: string): Promise<Entry[]> {
    const own = this.#own.flatMap((resource, index): Entry[] =>
      resource.resourceType === type && resource.url === url
        ? [{ key: `own ${index}`, url, version: textAt(resource, 'version'), length: 0, load: async () => resource }]
        : [],
    );
    return [...own, ...(await this.library.entries(type, url))];
  }

  /** The newest of the versions that are asked for; what the request brought first, what is built in last. */
  async #find(type: TerminologyType, url: string, version: string | undefined): Promise<Entry | undefined> {
    const entries = await this.#entries(type, url);
    const fitting =
      version === undefined ? entries : entries.filter((entry) => matchesVersion(version, entry.version ?? ''));
    const rank = Math.min(...fitting.map(rankOf));
    return fitting.filter((entry) => rankOf(entry) === rank).reduce<Entry | undefined>(newer, undefined);
  }

  async versionsOf(url: string): Promise<string[]> {
    const entries = await this.#entries('CodeSystem', url);
    return [...new Set(entries.flatMap(({ version }) => version ?? []))].sort(compareVersions);
  }

  /** The version to take where `version` is asked for, after the rules of the request. */
  ruledVersion(url: string, version: string | undefined, isValueSet = false): string | undefined {
    const rules = this.settings.rulesFor(url, isValueSet);
    const forced = this.#oneOf(rules, 'force');
    if (forced) return this.#use(forced);
    if (version !== undefined && version !== '') return version;
    const byDefault = this.#oneOf(rules, 'default') ?? rules.find(({ kind }) => kind === 'check');
    return byDefault && this.#use(byDefault);
  }

  #oneOf(rules: readonly VersionRule[], kind: VersionRule['kind']): VersionRule | undefined {
    const [first, ...others] = rules.filter((rule) => rule.kind === kind);
    const other = others.find(({ version }) => version !== first?.version);
    if (!first || !other) return first;
    throw terminologyFault({
      status: 400,
      code: 'exception',
      detail: 'version-error',
      text: `${ruleName(first)} names two versions of ${first.url}: ${first.version} and ${other.version}. Name one.`,
    });
  }

  #use(rule: VersionRule): string {
    const canonical = joinCanonical(rule.url, rule.version);
    this.usedRules.set(`${ruleName(rule)} ${canonical}`, { name: ruleName(rule), canonical });
    return rule.version;
  }

  /** The rules check-system-version that a version breaks. */
  brokenChecks(url: string, version: string | undefined): VersionRule[] {
    const checks = this.settings.rulesFor(url, false).filter(({ kind }) => kind === 'check');
    return checks.filter((check) => !matchesVersion(check.version, version ?? ''));
  }

  /** Undefined when it is not known. Rules are applied by the caller, by `ruledVersion`. */
  async findCodeSystem(url: string, version: string | undefined): Promise<CodeSystem | undefined> {
    const entry = await this.#find('CodeSystem', url, version);
    if (!entry) return undefined;
    const supplements = await this.#supplementsOf(entry);
    const loaded = await Promise.all(supplements.map((supplement) => this.library.load(supplement)));
    const resources = loaded.filter((resource) => resource !== undefined);
    const keys = supplements.map(({ key }) => key);
    if (![entry.key, ...keys].some((key) => key.startsWith('own '))) {
      return this.library.codeSystem(entry, resources, keys);
    }
    const ownKey = [entry.key, ...keys].join(' ');
    const known = this.#ownCodeSystems.get(ownKey) ?? this.library.createCodeSystem(entry, resources);
    this.#ownCodeSystems.set(ownKey, known);
    return known;
  }

  async #supplementsOf({ url, version }: Entry): Promise<Entry[]> {
    if (this.settings.supplements.size === 0) return [];
    const own = this.#own.flatMap((resource, index): Entry[] =>
      resource.resourceType === 'CodeSystem' && splitCanonical(textAt(resource, 'supplements') ?? '').url === url
        ? [
            {
              key: `own ${index}`,
              url: textAt(resource, 'url') ?? '',
              version: textAt(resource, 'version'),
              length: 0,
              load: async () => resource,
            },
          ]
        : [],
    );
    const all = [...own, ...(await this.library.supplementsOf(url))];
    const found: Entry[] = [];
    for (const wanted of this.settings.supplements) {
      const { url: supplement, version: supplementVersion } = splitCanonical(wanted);
      const entry = all.find(
        (one) =>
          one.url === supplement &&
          (supplementVersion === undefined || matchesVersion(supplementVersion, one.version ?? '')),
      );
      if (!entry || !(await this.#supplements(entry, version))) continue;
      this.usedSupplements.add(wanted);
      found.push(entry);
    }
    return found;
  }

  /** Whether a supplement is one of this version, or of any. */
  async #supplements(entry: Entry, version: string | undefined): Promise<boolean> {
    const resource = await this.library.load(entry);
    const wanted = splitCanonical(textAt(resource, 'supplements') ?? '').version;
    return wanted === undefined || matchesVersion(wanted, version ?? '');
  }

  /** Fails when a supplement that was asked for is not there. */
  requireSupplements(): void {
    const missing = [...this.settings.supplements].filter((supplement) => !this.usedSupplements.has(supplement));
    if (missing.length === 0) return;
    throw terminologyFault({
      code: 'not-found',
      detail: 'not-found',
      messageId: 'VALUESET_SUPPLEMENT_MISSING',
      text: `The supplement ${missing.join(', ')} is not known here. Store it, or ask without it.`,
    });
  }

  /** By canonical address, perhaps with its version, or as `#id` of a resource within another one. */
  async findValueSet(
    canonical: string,
    version: string | undefined,
    container?: FoundValueSet,
  ): Promise<FoundValueSet | undefined> {
    if (canonical.startsWith('#')) return findContained(canonical.slice(1), container);
    const named = splitCanonical(canonical);
    const entry = await this.#find('ValueSet', named.url, version ?? named.version);
    const resource = entry && (await this.library.load(entry));
    return entry && resource && describeValueSet(resource, entry.key);
  }

  async findConceptMap(url: string, version: string | undefined): Promise<JsonObject | undefined> {
    const entry = await this.#find('ConceptMap', url, version);
    return entry && this.library.load(entry);
  }

  /** A resource of the request itself, of any type. */
  ownResources(type: TerminologyType): readonly JsonObject[] {
    return this.#own.filter(({ resourceType }) => resourceType === type);
  }
}

/** `key` tells this text from every other, so that what is derived from it can be kept. */
export function describeValueSet(resource: JsonObject, key: string): FoundValueSet {
  const [url, version] = [textAt(resource, 'url') ?? '', textAt(resource, 'version')];
  return { resource, url, version, isContained: false, key };
}

function findContained(id: string, container: FoundValueSet | undefined): FoundValueSet | undefined {
  const all = objectsAt(container?.resource, 'contained');
  const resource = all.find((one) => one.resourceType === 'ValueSet' && one.id === id);
  return resource && { ...describeValueSet(resource, `${container?.key}#${id}`), isContained: true };
}
