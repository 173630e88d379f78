import type { JsonObject, JsonValue } from '#lib/json/index.ts';

/** What profiles use of an ElementDefinition. https://hl7.org/fhir/R4/elementdefinition.html */
export interface ElementDefinition {
  readonly id?: string;
  readonly path: string;
  readonly sliceName?: string;
  readonly slicing?: {
    readonly discriminator?: readonly Discriminator[];
    readonly rules?: 'open' | 'closed' | 'openAtEnd';
    readonly ordered?: boolean;
  };
  readonly min?: number;
  readonly max?: string;
  readonly type?: readonly {
    readonly code: string;
    readonly profile?: readonly string[];
    readonly _profile?: readonly (JsonObject | null)[];
    readonly targetProfile?: readonly string[];
    readonly aggregation?: readonly string[];
  }[];
  readonly maxLength?: number;
  readonly binding?: { readonly strength: string; readonly valueSet?: string; readonly extension?: JsonObject[] };
  readonly constraint?: readonly {
    readonly key: string;
    readonly severity: 'error' | 'warning';
    readonly human: string;
    readonly expression?: string;
  }[];
  readonly extension?: readonly JsonObject[];
  /** `fixed[x]`, `pattern[x]`, `minValue[x]`, `maxValue[x]` by their JSON names. */
  readonly [name: string]: unknown;
}

export interface Discriminator {
  readonly type: 'value' | 'exists' | 'pattern' | 'type' | 'profile';
  readonly path: string;
}

/** What profiles use of a StructureDefinition. https://hl7.org/fhir/R4/structuredefinition.html */
export interface StructureDefinition {
  readonly resourceType: 'StructureDefinition';
  readonly url: string;
  readonly version?: string;
  readonly type: string;
  readonly kind?: string;
  readonly derivation?: 'constraint' | 'specialization';
  readonly baseDefinition?: string;
  readonly context?: readonly { readonly type: string; readonly expression: string }[];
  readonly contextInvariant?: readonly string[];
  readonly snapshot?: { readonly element: readonly ElementDefinition[] };
  readonly differential?: { readonly element: readonly ElementDefinition[] };
}

export const isProfile = (resource: JsonValue): resource is JsonObject =>
  typeof resource === 'object' &&
  resource !== null &&
  (resource as JsonObject).resourceType === 'StructureDefinition' &&
  typeof (resource as JsonObject).url === 'string' &&
  (resource as JsonObject).derivation === 'constraint' &&
  typeof (resource as JsonObject).type === 'string';

/** The value of a choice such as `fixed[x]`, whatever its type. */
export function choiceOf(element: ElementDefinition, name: string): JsonValue | undefined {
  for (const key in element) {
    if (key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length))) return element[key] as JsonValue;
  }
  return undefined;
}
