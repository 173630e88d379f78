import type { CodeSystem, CodeSystemConcept, ValueSet, ValueSetComposeInclude } from 'fhir/r4.js';

/** The codes of a system in a value set, one a line; null stands for all of the system's. */
export type CodesBySystem = Record<string, string | null>;

export function listCodes(system: CodeSystem): string[] {
  return conceptsOf(system).map(({ code }) => code);
}

function conceptsOf({ concept }: { concept?: CodeSystemConcept[] | undefined }): CodeSystemConcept[] {
  return (concept ?? []).flatMap((item) => [item, ...conceptsOf(item)]);
}

/** What a value set holds, when that can be told from enumerated code systems; otherwise undefined. */
export function expandCodes(
  url: string,
  valueSets: ReadonlyMap<string, ValueSet>,
  codeSystems: ReadonlyMap<string, CodeSystem>,
): CodesBySystem | undefined {
  const compose = valueSets.get(url.replace(/\|.*$/, ''))?.compose;
  if (!compose) return undefined;
  const codes: CodesBySystem = {};
  for (const include of compose.include) {
    const included = expandInclude(include, valueSets, codeSystems);
    if (!included) return undefined;
    for (const [system, list] of Object.entries(included)) codes[system] = unite(codes[system], list);
  }
  for (const exclude of compose.exclude ?? []) {
    const excluded = expandInclude(exclude, valueSets, codeSystems);
    if (!excluded) return undefined;
    for (const [system, list] of Object.entries(excluded)) {
      const known = codeSystems.get(system);
      const all = codes[system] === null && known ? listCodes(known) : (codes[system]?.split('\n') ?? []);
      const gone = new Set(list?.split('\n') ?? all);
      codes[system] = all.filter((code) => !gone.has(code)).join('\n');
    }
  }
  return codes;
}

function unite(one: string | null | undefined, other: string | null): string | null {
  if (one === undefined) return other;
  return one === null || other === null ? null : [...new Set([...one.split('\n'), ...other.split('\n')])].join('\n');
}

function expandInclude(
  include: ValueSetComposeInclude,
  valueSets: ReadonlyMap<string, ValueSet>,
  codeSystems: ReadonlyMap<string, CodeSystem>,
): CodesBySystem | undefined {
  const { system, concept, filter, valueSet } = include;
  if (valueSet) {
    const [first, ...others] = valueSet;
    return system || others.length > 0 || !first ? undefined : expandCodes(first, valueSets, codeSystems);
  }
  if (!system) return undefined;
  if (concept) return { [system]: concept.map(({ code }) => code).join('\n') };
  const codeSystem = codeSystems.get(system);
  if (codeSystem?.content !== 'complete') return undefined;
  if (!filter) return { [system]: null };
  const [only, ...more] = filter;
  if (!only || more.length > 0 || !['is-a', 'descendent-of'].includes(only.op)) return undefined;
  const below = descendants(codeSystem, only.value);
  return { [system]: (only.op === 'is-a' ? [only.value, ...below] : [...below]).join('\n') };
}

/** Children are nested, or say by a property whose children they are. */
function descendants(system: CodeSystem, ancestor: string): Set<string> {
  const concepts = conceptsOf(system);
  const children = new Map<string, string[]>();
  const add = (parent: string, child: string) => children.set(parent, [...(children.get(parent) ?? []), child]);
  for (const { code, concept = [], property = [] } of concepts) {
    for (const child of concept) add(code, child.code);
    for (const { code: name, valueCode } of property) {
      if (valueCode && (name === 'subsumedBy' || name === 'parent')) add(valueCode, code);
    }
  }
  const found = new Set<string>();
  const visit = (code: string): void => {
    for (const child of children.get(code) ?? []) {
      if (found.has(child)) continue;
      found.add(child);
      visit(child);
    }
  };
  visit(ancestor);
  return found;
}
