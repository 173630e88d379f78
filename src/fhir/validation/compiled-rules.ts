import { readFileSync } from 'node:fs';
import { isResourceType, typeModel } from '../definitions/index.ts';
import { type CodeSet, codeSet } from './code-sets.ts';
import { type CompiledElement, compiledType } from './compiled-type.ts';
import { compileInvariant, type Invariant } from './expression/compile.ts';

/** What a type asks beyond its structure. Only the elements that ask something, or hold something that does, are there. */
export interface RuledType {
  readonly name: string;
  readonly isResource: boolean;
  readonly elements: ReadonlyMap<string, RuledElement>;
  readonly invariants: readonly CompiledInvariant[];
}

export interface RuledElement {
  /** With its owner: `Patient.contact.gender`. */
  readonly name: string;
  readonly step: string;
  readonly isResource: boolean;
  readonly typeName: string;
  readonly type: RuledType | undefined;
  readonly codes: CodeSet | undefined;
  readonly valueSet: string | undefined;
  /** Resource types to which a reference may point. */
  readonly targets: ReadonlySet<string> | undefined;
  readonly invariants: readonly CompiledInvariant[];
}

export interface CompiledInvariant {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  readonly holds: Invariant;
}

interface InvariantModel {
  key: string;
  severity: 'error' | 'warning';
  human: string;
  expression: string;
}

const models = new Map<string, InvariantModel[]>(
  Object.entries(
    JSON.parse(readFileSync(new URL('../definitions/generated/invariants.json', import.meta.url), 'utf8')) as Record<
      string,
      InvariantModel[]
    >,
  ),
);

const ruled = new Map<string, { -readonly [name in keyof RuledType]: RuledType[name] }>();

export function ruledType(name: string): RuledType {
  const known = ruled.get(name);
  if (known) return known;
  const { isResource, elements } = compiledType(name);
  const type = {
    name,
    isResource,
    elements: new Map<string, RuledElement>(),
    invariants: compileAll(models.get(name), [name]),
  };
  ruled.set(name, type);
  for (const [jsonName, element] of elements) {
    const rule = element.kind === 'sibling' ? undefined : ruleOf(name, jsonName, element);
    if (rule) type.elements.set(jsonName, rule);
  }
  return type;
}

function compileAll(invariants: InvariantModel[] | undefined, types: readonly string[]): CompiledInvariant[] {
  const [first = ''] = types;
  const root = isResourceType(first.split('.')[0]) ? first.split('.')[0] : undefined;
  return (invariants ?? []).map(({ key, severity, human, expression }) => ({
    key,
    severity,
    human: human.trim().replace(/\.$/, ''),
    holds: compileInvariant(expression, types, root, true),
  }));
}

function ruleOf(owner: string, jsonName: string, element: CompiledElement): RuledElement | undefined {
  const model = typeModel(owner)?.elements[jsonName];
  const codes = model?.valueSet === undefined ? undefined : codeSet(model.valueSet);
  const isReference = element.typeName === 'Reference' && model?.targets !== undefined;
  const targets = isReference && !model.targets?.includes('Resource') ? new Set(model.targets) : undefined;
  const invariants = [
    // A backbone element is a type of its own, which has them.
    ...(element.typeName === `${owner}.${jsonName}`
      ? []
      : compileAll(models.get(`${owner}.${jsonName}`), [element.typeName])),
    ...(element.choice
      ? compileAll(models.get(`${owner}.${element.choice}[x]`), choiceTypes(owner, element.choice))
      : []),
  ];
  const type = element.kind === 'complex' ? ruledType(element.typeName) : undefined;
  const asks = codes || targets || invariants.length > 0 || element.kind === 'resource';
  if (!asks && (type === undefined || !mayAsk(element.typeName))) return undefined;
  return {
    name: `${owner}.${jsonName}`,
    step: element.step,
    isResource: element.kind === 'resource',
    typeName: element.typeName,
    type,
    codes,
    valueSet: model?.valueSet,
    targets,
    invariants,
  };
}

const choiceTypes = (owner: string, choice: string): string[] =>
  Object.values(typeModel(owner)?.elements ?? {})
    .filter((element) => element.choice === choice)
    .map(({ type }) => type);

const asking = new Map<string, boolean>();

/** Whether a type, or one inside, asks anything. Found on the models, as types hold each other in circles. */
function mayAsk(name: string): boolean {
  const known = asking.get(name);
  if (known !== undefined) return known;
  asking.set(name, false);
  const inside = reachable(name);
  const found = [...inside].some(
    (type) =>
      models.has(type) ||
      type === 'Reference' ||
      Object.entries(typeModel(type)?.elements ?? {}).some(
        ([jsonName, element]) => element.valueSet !== undefined || models.has(`${type}.${jsonName}`),
      ),
  );
  asking.set(name, found);
  return found;
}

/** Extensions are inside of everything; that they hold something is not what makes a type ask. */
function reachable(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const element of Object.values(typeModel(name)?.elements ?? {})) {
    if (element.type !== 'Extension' || name === 'Extension') reachable(element.type, found);
  }
  return found;
}
