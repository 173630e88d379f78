/** Prints docs/reference/search-parameters.md from the plans by which the server searches. */
import { writeFileSync } from 'node:fs';
import { resourceTypes } from '../src/fhir/definitions/index.ts';
import { type SearchParameterPlan, searchParametersOf } from '../src/fhir/indexing/index.ts';

const target = new URL('../docs/reference/search-parameters.md', import.meta.url);

const introduction = `# Search parameters

Printed by \`scripts/generate-search-parameter-reference.ts\` from the plans by which the server searches. Every R4
parameter is here with the elements that its values come from. A type in brackets after an expression says that only
references to that type count. Parameters without values in the index are marked *not indexed*.

Strings are compared without regard to case, accents, width and repeated spaces; names in Chinese characters are found
by pinyin and by its initials too. Dates cover the time that they are written for: \`2024-02\` is the whole month. A
canonical with a version is found without it too.
`;

const cell = (text: string) => text.replaceAll('|', '\\|');

function sources(plan: SearchParameterPlan): string {
  if (plan.code === '_text') return 'words of the narrative (MERIDIAN_TEXT_SEARCH)';
  if (plan.code === '_content') return 'words of all texts (MERIDIAN_TEXT_SEARCH=content)';
  if (plan.special) return 'columns of the resource table';
  const expressions = plan.branches.map(
    ({ expression, targets }) => `\`${cell(expression)}\`${targets ? ` [${targets.join(', ')}]` : ''}`,
  );
  if (!plan.indexed) expressions.push('*not indexed*');
  return expressions.join('<br>');
}

function table(plans: readonly SearchParameterPlan[]): string {
  const rows = plans
    .toSorted((left, right) => (left.code < right.code ? -1 : 1))
    .map((plan) => `| ${plan.code} | ${plan.type} | ${sources(plan)} |`);
  return ['| Parameter | Type | Values from |', '|---|---|---|', ...rows].join('\n');
}

const isCommon = ({ code }: SearchParameterPlan) => code.startsWith('_');

function print(): string {
  // The expressions of common parameters differ by the name of the type only.
  const common = searchParametersOf('Patient')
    .filter(isCommon)
    .map((plan) => ({
      ...plan,
      branches: plan.branches.map((branch) => ({
        ...branch,
        expression: branch.expression.replace('Patient.', 'Resource.'),
      })),
    }));
  const sections = resourceTypes.flatMap((resourceType) => {
    const own = searchParametersOf(resourceType).filter((plan) => !isCommon(plan));
    return own.length === 0 ? [] : [`## ${resourceType}\n\n${table(own)}`];
  });
  return `${[introduction.trim(), `## All types\n\n${table(common)}`, ...sections].join('\n\n')}\n`;
}

writeFileSync(target, print());
