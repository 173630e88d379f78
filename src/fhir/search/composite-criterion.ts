import { Failure } from '#lib/failure.ts';
import {
  compositeKind,
  type SearchBranch,
  type SearchComponent,
  type SearchParameterPlan,
  tokenKey,
} from '../indexing/index.ts';
import { any, type CompositeCondition, type Condition, type KeyTest, nothing, type RangePart } from './condition.ts';
import { splitEscaped, unescapeValue } from './escape.ts';
import { referenceCondition } from './reference-criterion.ts';
import { NotSupported, type SearchScope } from './scope.ts';
import { tokenCondition } from './token-criterion.ts';
import { parseDateTest, parseNumberTest, parseQuantity, stringCondition } from './value-criterion.ts';

/** PostgreSQL plans each alternative by itself: a thousand take seconds. */
const mostAlternatives = 200;

/**
 * `code-value-quantity=8480-6$gt140`: the parts, divided by `$`, hold in one and the same element. Each is written as a
 * value of its own parameter is, without modifier. https://hl7.org/fhir/R4/search.html#composite
 */
export function compositeCondition(
  scope: SearchScope,
  plans: readonly SearchParameterPlan[],
  values: readonly string[],
): Condition {
  if (values.length > mostAlternatives) {
    throw new Failure('too-costly', `A composite has ${values.length} alternatives; send at most ${mostAlternatives}.`);
  }
  return any(values.flatMap((value) => plans.flatMap((plan) => alternativeConditions(scope, plan, value))));
}

function alternativeConditions(scope: SearchScope, plan: SearchParameterPlan, value: string): Condition[] {
  const { code, components = [] } = plan;
  const texts = splitEscaped(value, '$');
  if (texts.length !== components.length || texts.includes('')) {
    const form = components.map((component) => `[${component.code}]`).join('$');
    throw new Failure('value', `"${value}" cannot be used with "${code}": write ${form}.`);
  }
  const indexed = indexedPaths(scope, plan.resourceType);
  return plan.branches.map((branch) => branchCondition(scope, { branch, components, texts, indexed }));
}

const indexedPaths = ({ registry }: SearchScope, type: string): ReadonlySet<number> => {
  const paths = new Set<number>();
  for (const { branches, type: kind } of registry.ofType(type)) {
    if (kind !== 'composite') for (const { path } of branches) paths.add(path);
  }
  return paths;
};

interface BranchSearch {
  readonly branch: SearchBranch;
  readonly components: readonly SearchComponent[];
  readonly texts: readonly string[];
  /** Paths of which there are rows outside of composites. */
  readonly indexed: ReadonlySet<number>;
}

function branchCondition(scope: SearchScope, { branch, components, texts, indexed }: BranchSearch): Condition {
  const keys: KeyTest[] = [];
  const ranges: RangePart[] = [];
  let text: string | undefined;
  let canWalk = false;
  for (const [index, component] of components.entries()) {
    const part = branch.parts?.[index];
    const written = texts[index] ?? '';
    if (!part) throw new Error(`${branch.expression} has no part ${index}`);
    switch (compositeKind[component.type]) {
      case 'key':
        if (keys.length === 0) canWalk = indexed.has(part.path);
        keys.push(keyTest(scope, component, part, written));
        break;
      case 'range':
        ranges.push(rangePart(scope, component, written));
        break;
      case 'text': {
        const condition = stringCondition([part.path], [written], undefined);
        if (condition.is !== 'string') return nothing;
        text = condition.value;
      }
    }
  }
  const [key, value] = keys;
  const condition: CompositeCondition = {
    is: 'composite',
    path: branch.path,
    ...(key && { key }),
    ...(value && { value }),
    ranges,
    ...(text !== undefined && { text }),
    canWalk,
  };
  return condition;
}

function keyTest(scope: SearchScope, component: SearchComponent, part: SearchBranch, text: string): KeyTest {
  if (component.type === 'token') return keysIn(tokenCondition([part], [text]));
  if (component.type === 'uri') {
    const keys = [tokenKey(part.path, '', unescapeValue(text))];
    return [{ is: 'token', rare: true, keys, paths: [], codes: [], systems: [] }];
  }
  const { code, target } = component;
  const plan = {
    code,
    url: '',
    type: 'reference' as const,
    resourceType: scope.types[0] ?? '',
    branches: [part],
    ...(target && { target }),
    indexed: true,
  };
  return keysIn(referenceCondition(scope, [plan], [text], undefined));
}

/** A token or a reference, or some of these. */
function keysIn(condition: Condition): KeyTest {
  const conditions = condition.is === 'any' ? condition.conditions : [condition];
  return conditions.filter((each) => each.is === 'token' || each.is === 'reference');
}

function rangePart(scope: SearchScope, { type }: SearchComponent, text: string): RangePart {
  if (type === 'date') return { kind: 'date', test: parseDateTest(text, scope.now) };
  if (type === 'number') return { kind: 'quantity', test: parseNumberTest(unescapeValue(text)) };
  return { kind: 'quantity', ...parseQuantity(text) };
}

/** Modifiers are for parameters of one value. */
export function refuseModifier(modifier: string): never {
  throw new NotSupported(`Modifier :${modifier} is not supported for composite parameters: :missing is.`);
}
