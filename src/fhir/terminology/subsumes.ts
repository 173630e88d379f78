import type { JsonObject } from '#lib/json/index.ts';
import { findForLookup, unknownCodeFault } from './lookup.ts';
import type { Scope } from './scope.ts';

/** The answer to $subsumes. https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
export async function subsumes(
  scope: Scope,
  system: string,
  version: string | undefined,
  codeA: string,
  codeB: string,
): Promise<JsonObject> {
  const codeSystem = await findForLookup(scope, system, version);
  const [one, other] = await codeSystem.concepts.find([codeA, codeB]);
  if (!one) throw unknownCodeFault(codeSystem, codeA);
  if (!other) throw unknownCodeFault(codeSystem, codeB);
  const [isBelow, isAbove] = [one.ancestors.includes(other.number), other.ancestors.includes(one.number)];
  const isSame = one.number === other.number || (isBelow && isAbove);
  const outcome = isSame ? 'equivalent' : isAbove ? 'subsumes' : isBelow ? 'subsumed-by' : 'not-subsumed';
  return { resourceType: 'Parameters', parameter: [{ name: 'outcome', valueCode: outcome }] };
}
