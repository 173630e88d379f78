import type { JsonValue } from '#lib/json/index.ts';
import type { Discriminator } from './structure-definition.ts';

/** What a profile says of an element, or of a slice of it: only what is said, the rest is the type's own. */
export interface Rule {
  /** As in the definitions: `value[x]` for a choice. */
  readonly name: string;
  readonly sliceName: string | undefined;
  min: number | undefined;
  /** Infinity for `*`. */
  max: number | undefined;
  types: readonly TypeRule[] | undefined;
  fixed: JsonValue | undefined;
  pattern: JsonValue | undefined;
  minValue: JsonValue | undefined;
  maxValue: JsonValue | undefined;
  minLength: number | undefined;
  maxLength: number | undefined;
  mustHaveValue: boolean;
  /** Extensions that may stand in for a value that is not there. */
  valueAlternatives: readonly string[] | undefined;
  bindings: readonly BindingRule[];
  constraints: readonly ConstraintRule[];
  slicing: SlicingRule | undefined;
  readonly slices: Map<string, Rule>;
  readonly children: Map<string, Rule>;
}

export interface TypeRule {
  readonly code: string;
  readonly profiles: readonly string[];
  readonly targets: readonly string[];
  readonly aggregation: readonly string[];
}

export interface BindingRule {
  readonly strength: 'required' | 'extensible';
  readonly valueSet: string;
}

export interface ConstraintRule {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  readonly expression: string;
}

export interface SlicingRule {
  readonly discriminators: readonly Discriminator[];
  readonly rules: 'open' | 'closed' | 'openAtEnd';
  readonly ordered: boolean;
}

export function createRule(name: string, sliceName?: string): Rule {
  return {
    name,
    sliceName,
    min: undefined,
    max: undefined,
    types: undefined,
    fixed: undefined,
    pattern: undefined,
    minValue: undefined,
    maxValue: undefined,
    minLength: undefined,
    maxLength: undefined,
    mustHaveValue: false,
    valueAlternatives: undefined,
    bindings: [],
    constraints: [],
    slicing: undefined,
    slices: new Map(),
    children: new Map(),
  };
}

export function copyRule(rule: Rule): Rule {
  return {
    ...rule,
    slices: new Map([...rule.slices].map(([name, slice]) => [name, copyRule(slice)])),
    children: new Map([...rule.children].map(([name, child]) => [name, copyRule(child)])),
  };
}
