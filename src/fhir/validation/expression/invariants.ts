import { isRawNumber, type JsonObject, type JsonValue, numberValue } from '#lib/json/index.ts';
import { runBounded } from './bounded.ts';
import { compileInvariant } from './compile.ts';
import type { Surroundings } from './compiled.ts';
import { interpreter } from './interpreter.ts';

/** True or false, or why it cannot be told. */
export type CheckedInvariant = (value: JsonValue, around: Surroundings) => boolean | string;

const known = new Map<string, CheckedInvariant>();
const most = 10_000;

/** Compiled once; what our compiler does not understand is left to the fhirpath package, some hundred times slower. */
export function invariantOf(expression: string, type: string, resourceType: string | undefined): CheckedInvariant {
  const key = `${type}|${resourceType}|${expression}`;
  const before = known.get(key);
  if (before) return before;
  const invariant = compiled(expression, type, resourceType) ?? interpreted(expression, type);
  if (known.size >= most) known.clear();
  known.set(key, invariant);
  return invariant;
}

function compiled(expression: string, type: string, resourceType: string | undefined): CheckedInvariant | undefined {
  try {
    return guarded(compileInvariant(expression, [type], resourceType));
  } catch {
    return undefined;
  }
}

function interpreted(expression: string, type: string): CheckedInvariant {
  const { fhirpath, r4 } = interpreter();
  let evaluate: ReturnType<typeof fhirpath.compile>;
  try {
    evaluate = fhirpath.compile({ base: type, expression }, r4, { traceFn: () => {} });
  } catch (error) {
    const reason = `its expression is no FHIRPath (${messageOf(error)})`;
    return () => reason;
  }
  return guarded((value, { resource, root }) => {
    const result = runBounded(expression, () =>
      evaluate(plain(value), { resource: plain(resource), rootResource: plain(root) }),
    );
    return !Array.isArray(result) || result[0] !== false;
  });
}

const guarded =
  (invariant: CheckedInvariant): CheckedInvariant =>
  (value, around) => {
    try {
      return invariant(value, around);
    } catch (error) {
      return messageOf(error);
    }
  };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 200);

/** A copy whose numbers are JavaScript's, as the package wants them. */
function plain(value: JsonValue): JsonValue {
  if (isRawNumber(value)) return numberValue(value) ?? 0;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([name, item]) => [name, plain(item)]));
}
