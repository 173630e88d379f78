/** Prints docs/reference/operations.md from the operations that the server offers. */
import { writeFileSync } from 'node:fs';
import { methodsOf, type Operation } from '../src/fhir/rest/operation.ts';
import { wholeFhir } from './whole-fhir.ts';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function addresses({ name, levels, types, subpath }: Operation): string {
  const kinds = types?.join(', ') ?? 'every type';
  const tail = subpath ? ` and \`$${name}/<rest>\`` : '';
  const places = levels.map((level) =>
    level === 'system' ? 'the base' : level === 'type' ? `the type (${kinds})` : `a resource (${kinds})`,
  );
  return `At ${places.join(', ')}: \`$${name}\`${tail}.`;
}

function describe(operation: Operation): string {
  const { name, title, documentation, definition, parameters } = operation;
  const rows = parameters.map(
    ({ name: parameter, use, min, max, type = 'parts', documentation: meaning }) =>
      `| ${parameter} | ${use} | ${min}..${max} | ${type} | ${cell(meaning)} |`,
  );
  const table = ['| Parameter | Use | Count | Type | Meaning |', '|---|---|---|---|---|', ...rows].join('\n');
  const published = definition ? `\n\nDefined by ${definition}.` : '';
  return `## $${name}: ${title}\n\n${documentation} ${addresses(operation)} By ${methodsOf(operation).join(' or ')}.${published}\n\n${rows.length > 0 ? table : 'It takes no parameters.'}`;
}

const sorted = wholeFhir().operations.toSorted((left, right) => (left.name < right.name ? -1 : 1));
const page = `# Operations

Printed by \`scripts/generate-operations.ts\` from the operations that the server registers. The CapabilityStatement
(\`GET /fhir/metadata\`) and the OpenAPI description (\`GET /fhir/openapi.json\`) say the same to programs.

${sorted.map(describe).join('\n\n')}
`;
writeFileSync(new URL('../docs/reference/operations.md', import.meta.url), page);
