import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject } from '#lib/json/index.ts';
import { type BindingRule, copyRule, createRule, type Rule } from './rule.ts';
import { choiceOf, type ElementDefinition, type StructureDefinition } from './structure-definition.ts';

/**
 * The rules of a profile: those of the profile from which it is derived, with what its differential adds laid over them.
 * A base that is a type of R4 itself adds nothing, as its own rules are always checked.
 */
export function buildRules(definition: StructureDefinition, base: Rule | undefined): Rule {
  const root = base ? copyRule(base) : createRule(definition.type);
  layOver(root, definition.url, definition.differential?.element ?? []);
  return root;
}

/** As buildRules, from the snapshot alone: for a profile whose base is not known. */
export function buildFromSnapshot(definition: StructureDefinition): Rule {
  const root = createRule(definition.type);
  layOver(root, definition.url, definition.snapshot?.element ?? []);
  return root;
}

/** Ten times what the largest profiles have. */
const mostElements = 20_000;
const deepestPath = 50;

interface Place {
  readonly path: string;
  readonly rule: Rule;
}

/** The children of a slice follow it, so that a path means the slice that stood there last. */
function layOver(root: Rule, url: string, elements: readonly ElementDefinition[]): void {
  if (elements.length > mostElements) throw tooCostly(url, `more than ${mostElements} elements`);
  const open: Place[] = [];
  for (const element of elements) {
    const steps = element.path.split('.');
    if (steps.length > deepestPath) throw tooCostly(url, `a path of more than ${deepestPath} steps`);
    const rule = placeOf(element, steps, root, open);
    open.push({ path: element.path, rule });
    overlay(rule, element);
  }
}

const tooCostly = (url: string, what: string): Failure =>
  new Failure('too-costly', `The profile ${url} cannot be used: it has ${what}.`);

function placeOf({ path, sliceName }: ElementDefinition, steps: readonly string[], root: Rule, open: Place[]): Rule {
  if (steps.length === 1) return root;
  while (open.length > 0 && !path.startsWith(`${open.at(-1)?.path}.`)) open.pop();
  const above = open.at(-1);
  let rule = above?.rule ?? root;
  const known = above ? above.path.split('.').length : 1;
  for (const step of steps.slice(known)) rule = childOf(rule, step);
  return sliceName === undefined ? rule : sliceOf(rule, sliceName);
}

/** `valueQuantity` is the slice of `value[x]` with that type. */
function childOf(parent: Rule, name: string): Rule {
  const known = parent.children.get(name);
  if (known) return known;
  for (const { index } of name.matchAll(/[A-Z]/g)) {
    const choice = parent.children.get(`${name.slice(0, index)}[x]`);
    if (choice?.slices.has(name)) return sliceOf(choice, name);
  }
  const child = createRule(name);
  parent.children.set(name, child);
  return child;
}

function sliceOf(rule: Rule, name: string): Rule {
  const known = rule.slices.get(name);
  if (known) return known;
  const slice = createRule(rule.name, name);
  rule.slices.set(name, slice);
  return slice;
}

function overlay(rule: Rule, element: ElementDefinition): void {
  const { min, max, type, slicing, maxLength, binding } = element;
  if (min !== undefined) rule.min = min;
  if (max !== undefined) rule.max = max === '*' ? Number.POSITIVE_INFINITY : Number(max);
  if (type) {
    rule.types = type.map(({ code, profile, _profile, targetProfile, aggregation }) => ({
      code: code.replace(/^http:\/\/hl7\.org\/fhir\/StructureDefinition\//, ''),
      profiles: (profile ?? []).map((url, index) => url + partNamed(_profile?.[index])),
      targets: targetProfile ?? [],
      aggregation: aggregation ?? [],
    }));
  }
  rule.fixed = choiceOf(element, 'fixed') ?? rule.fixed;
  rule.pattern = choiceOf(element, 'pattern') ?? rule.pattern;
  rule.minValue = choiceOf(element, 'minValue') ?? rule.minValue;
  rule.maxValue = choiceOf(element, 'maxValue') ?? rule.maxValue;
  if (maxLength !== undefined) rule.maxLength = maxLength;
  if (slicing) {
    rule.slicing = {
      discriminators: slicing.discriminator ?? [],
      rules: slicing.rules ?? 'open',
      ordered: slicing.ordered ?? false,
    };
  }
  if (binding) rule.bindings = bindingsOf(binding);
  overlayConstraints(rule, element);
  overlayExtensions(rule, element.extension ?? []);
}

/** A profile may be meant only in part: `#Composition.section:codeA`. */
function partNamed(beside: JsonObject | null | undefined): string {
  const extensions = Array.isArray(beside?.extension) ? beside.extension.filter(isJsonObject) : [];
  const part = extensions.find(({ url }) => url === `${core}elementdefinition-profile-element`)?.valueString;
  return typeof part === 'string' ? `#${part}` : '';
}

const core = 'http://hl7.org/fhir/StructureDefinition/';

function bindingsOf({ strength, valueSet, extension }: NonNullable<ElementDefinition['binding']>): BindingRule[] {
  const bindings: BindingRule[] = [];
  if (valueSet && (strength === 'required' || strength === 'extensible')) bindings.push({ strength, valueSet });
  const most = extension?.find(({ url }) => url === `${core}elementdefinition-maxValueSet`);
  if (typeof most?.valueCanonical === 'string') bindings.push({ strength: 'required', valueSet: most.valueCanonical });
  return bindings;
}

function overlayConstraints(rule: Rule, { constraint = [] }: ElementDefinition): void {
  const added = constraint.flatMap(({ key, severity, human, expression }) =>
    expression === undefined || /^(?:ele|ext|dom)-\d/.test(key) ? [] : [{ key, severity, human, expression }],
  );
  if (added.length === 0) return;
  const replaced = new Set(added.map(({ key }) => key));
  rule.constraints = [...rule.constraints.filter(({ key }) => !replaced.has(key)), ...added];
}

const r5 = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.';

function overlayExtensions(rule: Rule, extensions: readonly JsonObject[]): void {
  for (const { url, ...extension } of extensions.filter(isJsonObject)) {
    if (url === `${core}minLength`) rule.minLength = extension.valueInteger as number;
    if (url === `${r5}mustHaveValue`) rule.mustHaveValue = extension.valueBoolean === true;
    if (url === `${r5}valueAlternatives` && typeof extension.valueCanonical === 'string') {
      rule.valueAlternatives = [...(rule.valueAlternatives ?? []), extension.valueCanonical];
    }
  }
}
