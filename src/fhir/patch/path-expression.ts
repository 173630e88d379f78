import { Failure } from '#lib/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue, printJson } from '#lib/json/index.ts';
import type { Effort } from './effort.ts';
import { shown } from './pointer.ts';

/** From the resource down: names as FHIRPath has them (`value` for `valueQuantity`), places in their lists. */
export type NodePath = readonly { name: string; index: number }[];

export type FindNodes = (resource: JsonObject, expression: string, effort: Effort) => NodePath[];

interface Node {
  parentResNode: Node | null;
  propName: string | null;
  index: number | null;
}

interface Syntax {
  type: string;
  text?: string;
  children?: Syntax[];
}

const longestExpression = 1000;

/**
 * What a path may call: FHIRPath Patch asks for simple paths, and nothing here takes longer than a walk over the
 * resource. https://hl7.org/fhir/R4/fhirpatch.html
 */
const allowedFunctions = new Set(
  'where first last tail skip take single ofType as is extension exists empty not count hasValue all startsWith endsWith contains lower upper'.split(
    ' ',
  ),
);

/** The engine takes a quarter of a second to load, which only those who patch by path pay. */
export async function loadPathFinder(): Promise<FindNodes> {
  const [{ default: fhirpath }, { default: model }] = await Promise.all([
    import('fhirpath'),
    import('fhirpath/fhir-context/r4/index.js'),
  ]);
  return (resource, written, effort) => {
    if (written.length > longestExpression) {
      throw new Failure('too-long', `A path may have ${longestExpression} characters.`);
    }
    const expression = quoteKeywords(written);
    checkSyntax(expression, (text) => fhirpath.parse(text) as Syntax);
    const text = printJson(resource);
    effort.spend(text.length / 20);
    const options = {
      resolveInternalTypes: false,
      traceFn: () => {},
      debugger: (_context: unknown, focus: unknown, result: unknown) =>
        effort.spend(stepEffort + (lengthOf(focus) + lengthOf(result)) / 8),
    };
    try {
      const nodes: unknown[] = fhirpath.evaluate(withValues(JSON.parse(text)), expression, {}, model, options);
      return nodes.map((node) => pathOf(node, expression));
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure(
        'value',
        `The path ${shown(expression)} cannot be evaluated: ${(error as Error).message.slice(0, 200)}`,
      );
    }
  };
}

/** The engine leaves out primitives that have only an id or extensions; a value makes it see them. */
function withValues<T extends JsonValue>(value: T): T {
  if (Array.isArray(value)) for (const entry of value) withValues(entry);
  else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      withValues(member);
      if (name.startsWith('_')) fillValues(value, name.slice(1), member);
    }
  }
  return value;
}

function fillValues(object: JsonObject, name: string, siblings: JsonValue): void {
  const value = object[name];
  if (!Array.isArray(siblings)) object[name] = value ?? noValue;
  else {
    const values = Array.isArray(value) ? value : [];
    object[name] = Array.from({ length: Math.max(values.length, siblings.length) }, (_, at) => values[at] ?? noValue);
  }
}

/** No text of a resource contains it. */
const noValue = '\u0000';

/** A step of the engine takes as long as copying so many values. */
const stepEffort = 25;

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 1);

/** `text.div` is an element here, where the grammar takes div for the division: it becomes text.`div`. */
const quoteKeywords = (expression: string): string =>
  expression.replace(/'(?:[^'\\]|\\.)*'|`[^`]*`|\.(and|div|implies|mod|or|xor)\b(?!\s*\()/g, (match, keyword) =>
    keyword === undefined ? match : `.\`${keyword}\``,
  );

function checkSyntax(expression: string, parse: (text: string) => Syntax): void {
  let syntax: Syntax;
  try {
    syntax = parse(expression);
  } catch (error) {
    throw new Failure(
      'value',
      `The path ${shown(expression)} is no FHIRPath: ${(error as Error).message.slice(0, 200)}`,
    );
  }
  const open = [syntax];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.type === 'Functn' && !allowedFunctions.has(node.text ?? '')) {
      throw new Failure(
        'not-supported',
        `A path of a patch cannot call ${node.text}(), only ${[...allowedFunctions].join(', ')}.`,
      );
    }
    if (node.type === 'UnionExpression') throw new Failure('not-supported', 'A path of a patch cannot unite lists.');
    open.push(...(node.children ?? []));
  }
}

function pathOf(node: unknown, expression: string): NodePath {
  const steps: { name: string; index: number }[] = [];
  let at = node as Node;
  if (typeof node !== 'object' || node === null || !('parentResNode' in node)) {
    throw new Failure('value', `The path ${shown(expression)} computes a value; it must lead to an element.`);
  }
  for (; at.parentResNode; at = at.parentResNode) steps.unshift({ name: at.propName ?? '', index: at.index ?? 0 });
  return steps;
}
