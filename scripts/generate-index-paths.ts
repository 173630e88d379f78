/**
 * Numbers the indexed expressions of the R4 search parameters in src/fhir/indexing/generated/index-paths.json. Stored
 * rows carry the numbers: those that are there stay, new expressions take the next ones.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resourceTypes, searchParameters } from '../src/fhir/definitions/index.ts';

const target = new URL('../src/fhir/indexing/generated/index-paths.json', import.meta.url);
if (!existsSync(target)) writeFileSync(target, '{}\n');

// The numbers are read when these are loaded, so that the file must be there.
const { pathName } = await import('../src/fhir/indexing/path-numbers.ts');
const { planParameter } = await import('../src/fhir/indexing/plan-parameter.ts');
const { appliesTo } = await import('../src/fhir/indexing/parameter-branches.ts');

const numbers = new Map(Object.entries(JSON.parse(readFileSync(target, 'utf8')) as Record<string, number>));
let last = Math.max(0, ...numbers.values());

function numberOf(...path: Parameters<typeof pathName>): number {
  const name = pathName(...path);
  const known = numbers.get(name);
  if (known !== undefined) return known;
  last += 1;
  numbers.set(name, last);
  return last;
}

for (const resourceType of resourceTypes) {
  for (const parameter of searchParameters) {
    if (!appliesTo(parameter, resourceType)) continue;
    const { plan } = planParameter(parameter, resourceType, numberOf);
    if (plan.indexed && !plan.special && plan.branches.length === 0) {
      throw new Error(`${resourceType}.${parameter.code} has no branch that the index can take`);
    }
  }
}

const after = `{\n${[...numbers].map(([name, number]) => `${JSON.stringify(name)}: ${number}`).join(',\n')}\n}\n`;
writeFileSync(target, after);
