import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

/** strict: what breaks a rule is not stored. lenient: it is stored, and what is wrong with it is put down. */
export type ValidationMode = 'strict' | 'lenient';

/** Which organisations' resources are checked how. */
export interface ValidationPolicy {
  readonly byDefault: ValidationMode;
  readonly organisations: readonly OrganisationRule[];
}

/** An organisation is known by where its resources come from, or by its own resource. */
export interface OrganisationRule {
  /** meta.source starts with this. */
  readonly source?: string;
  /** `Organization/1`, as an element of the resource refers to it. */
  readonly organization?: string;
  readonly mode: ValidationMode;
}

export const modes: readonly ValidationMode[] = ['strict', 'lenient'];

/** The longest source that fits decides; then the organisation that the resource names; then the default. */
export function modeOf({ byDefault, organisations }: ValidationPolicy, resource: JsonObject): ValidationMode {
  if (organisations.length === 0) return byDefault;
  const source = isJsonObject(resource.meta) && typeof resource.meta.source === 'string' ? resource.meta.source : '';
  const [bySource] = organisations
    .filter((rule) => rule.source !== undefined && source.startsWith(rule.source))
    .sort((left, right) => (right.source ?? '').length - (left.source ?? '').length);
  if (bySource) return bySource.mode;
  const named = organizationsIn(resource);
  return (
    organisations.find(({ organization }) => organization !== undefined && named.has(organization))?.mode ?? byDefault
  );
}

/** Organizations that the elements of a resource itself refer to. */
function organizationsIn(resource: JsonObject): Set<string> {
  const found = new Set<string>();
  const take = (value: JsonValue): void => {
    if (!isJsonObject(value) || typeof value.reference !== 'string') return;
    const name = /(?:^|\/)(Organization\/[A-Za-z0-9\-.]{1,64})$/.exec(value.reference)?.[1];
    if (name !== undefined) found.add(name);
  };
  for (const value of Object.values(resource)) {
    if (Array.isArray(value)) for (const item of value) take(item);
    else take(value);
  }
  return found;
}

/** Reads `{"organisations": [{"source": "https://his.example.org/", "mode": "lenient"}]}`. */
export function parseOrganisations(value: JsonValue): OrganisationRule[] {
  const list = isJsonObject(value) ? value.organisations : undefined;
  if (!Array.isArray(list)) {
    throw new Failure('structure', 'A validation policy must be an object with an array named organisations.');
  }
  return list.map((item, index) => {
    const { source, organization, mode } = isJsonObject(item) ? item : {};
    const isNamed = typeof source === 'string' || typeof organization === 'string';
    if (!isNamed || !modes.includes(mode as ValidationMode)) {
      throw new Failure(
        'value',
        `organisations[${index}] of the validation policy needs a source or an organization, and the mode strict or lenient.`,
      );
    }
    return {
      ...(typeof source === 'string' && { source }),
      ...(typeof organization === 'string' && { organization }),
      mode: mode as ValidationMode,
    };
  });
}
