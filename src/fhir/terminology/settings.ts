import type { JsonObject, JsonValue } from '#lib/json/index.ts';
import type { OperationInput } from '../rest/operation-input.ts';
import { extensionsOf, objectsAt, printValue, textAt, textsAt, valueIn } from './element.ts';
import { terminologyFault } from './fault.ts';
import { type Languages, parseLanguages } from './language.ts';
import { splitCanonical } from './version.ts';

/** Which version of a code system or value set to take: where none is named, instead of any, or none but this. */
export interface VersionRule {
  readonly kind: 'default' | 'force' | 'check';
  readonly isValueSet: boolean;
  readonly url: string;
  readonly version: string;
}

export const ruleName = ({ kind, isValueSet }: VersionRule): string => {
  if (isValueSet) return `${kind}-valueset-version`;
  return kind === 'default' ? 'system-version' : `${kind}-system-version`;
};

/** What a request, or the value set it is about, asks of an expansion or validation. */
export class Settings {
  readonly rules: VersionRule[] = [];
  readonly properties: string[] = [];
  readonly designations: string[] = [];
  readonly supplements = new Set<string>();
  readonly excludedSystems = new Set<string>();
  readonly #single = new Map<string, JsonValue>();
  /** From the header Accept-Language. */
  readonly headerLanguages: Languages | undefined;
  displayLanguage: Languages | undefined;
  /** Where nobody asks for a language: that of the value set. */
  fallbackLanguages: Languages | undefined;

  constructor(header: string | undefined) {
    this.headerLanguages = header === undefined ? undefined : parseLanguages(header);
  }

  /** Languages in which texts are wanted. */
  get languages(): Languages | undefined {
    return this.displayLanguage ?? this.headerLanguages ?? this.fallbackLanguages;
  }

  has(name: string): boolean {
    return this.#single.has(name);
  }

  text(name: string): string | undefined {
    return printValue(this.#single.get(name));
  }

  isSet(name: string): boolean {
    return this.text(name) === 'true';
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw terminologyFault({
      status: 400,
      code: 'value',
      text: `The parameter ${name} must be a whole number from 0, not "${text.slice(0, 100)}".`,
    });
  }

  rulesFor(url: string, isValueSet: boolean): VersionRule[] {
    return this.rules.filter((rule) => rule.url === url && rule.isValueSet === isValueSet);
  }

  /** Takes one parameter; what a request has said stands against what a value set says. */
  take(name: string, value: JsonValue, mayReplace: boolean): void {
    const text = printValue(value);
    const rule = Object.hasOwn(versionRules, name) ? versionRules[name] : undefined;
    if (rule && text !== undefined) this.rules.push(readRule(rule, name, text));
    else if (name === 'property' && text !== undefined) this.#addOnce(this.properties, text);
    else if (name === 'designation' && text !== undefined) this.#addOnce(this.designations, text);
    else if (name === 'useSupplement' && text !== undefined) this.supplements.add(text);
    else if (name === 'exclude-system' && text !== undefined) this.excludedSystems.add(text);
    else if (mayReplace || !this.#single.has(name)) this.#takeSingle(name, value, text);
  }

  #takeSingle(name: string, value: JsonValue, text: string | undefined): void {
    this.#single.set(name, value);
    if (name !== 'displayLanguage' || text === undefined) return;
    const languages = parseLanguages(text);
    if (!languages) {
      throw terminologyFault({
        status: 400,
        code: 'processing',
        detail: 'invalid-display',
        messageId: 'INVALID_DISPLAY_NAME',
        text: `displayLanguage must be a list of language codes such as "zh-CN, en;q=0.5", not "${text.slice(0, 100)}".`,
      });
    }
    this.displayLanguage = languages;
  }

  #addOnce(list: string[], text: string): void {
    if (!list.includes(text)) list.push(text);
  }

  /** What a value set asks for itself: the extension expansion-parameter, and the properties that it names. */
  takeFrom(valueSet: JsonObject): void {
    const compose = valueSet.compose as JsonObject | undefined;
    const tools = objectsAt(compose, 'extension').filter(
      ({ url }) => url === 'http://hl7.org/fhir/tools/StructureDefinition/valueset-expansion-parameter',
    );
    for (const extension of [...extensionsOf(compose, 'valueset-expansion-parameter'), ...tools]) {
      const parts = objectsAt(extension, 'extension');
      const [name, value] = ['name', 'value'].map((url) => {
        const part = parts.find((one) => one.url === url);
        return part && valueIn(part)?.value;
      });
      if (typeof name === 'string' && value !== undefined) this.take(name, value, false);
    }
    for (const property of textsAt(compose, 'property')) this.take('property', property, false);
    for (const extension of extensionsOf(valueSet, 'valueset-supplement')) {
      const supplement = printValue(valueIn(extension)?.value);
      if (supplement !== undefined) this.supplements.add(supplement);
    }
    const language = textAt(valueSet, 'language');
    if (language !== undefined) this.fallbackLanguages ??= parseLanguages(language);
  }
}

const versionRules: Record<string, Pick<VersionRule, 'kind' | 'isValueSet'>> = {
  'system-version': { kind: 'default', isValueSet: false },
  'check-system-version': { kind: 'check', isValueSet: false },
  'force-system-version': { kind: 'force', isValueSet: false },
  'default-valueset-version': { kind: 'default', isValueSet: true },
  'check-valueset-version': { kind: 'check', isValueSet: true },
  'force-valueset-version': { kind: 'force', isValueSet: true },
};

function readRule(rule: Pick<VersionRule, 'kind' | 'isValueSet'>, name: string, text: string): VersionRule {
  const { url, version } = splitCanonical(text);
  if (version !== undefined) return { ...rule, url, version };
  throw terminologyFault({
    status: 400,
    code: 'value',
    text: `The parameter ${name} must name a version: url|version.`,
  });
}

const resources = new Set(['tx-resource', 'valueSet', 'codeSystem', 'conceptMap', 'resource', 'validation']);

/** What a request says of versions, languages and strictness; resources that it brings are read elsewhere. */
export function readSettings(input: OperationInput, acceptLanguage: string | undefined): Settings {
  const settings = new Settings(acceptLanguage);
  for (const name of input.names) {
    if (resources.has(name)) continue;
    for (const value of input.values(name)) settings.take(name, value, !settings.has(name));
  }
  return settings;
}
