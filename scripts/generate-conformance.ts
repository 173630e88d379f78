/** Prints docs/reference/conformance.md from what test/conformance counts, and from its lists of misses. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const tests = new URL('../test/conformance/', import.meta.url);

interface Suite {
  title: string;
  about: string;
  test: string;
  /** The file that names what is missed, with the reasons. */
  misses?: string;
  scores: Record<string, number[]>;
}

const suites = JSON.parse(readFileSync(new URL('suites.json', tests), 'utf8')) as Suite[];

const cell = (text: string) => text.replaceAll('|', '\\|');
const number = (value: number) => value.toLocaleString('en');

/** By reason: many are missed for the same. */
function printMisses(file: string | undefined): string {
  const misses = file ? (JSON.parse(readFileSync(new URL(file, tests), 'utf8')) as Record<string, string>) : {};
  const reasons = new Map<string, string[]>();
  for (const [name, reason] of Object.entries(misses)) reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  if (reasons.size === 0) return '';
  const rows = [...reasons].map(
    ([reason, names]) => `| ${names.map((name) => `\`${cell(name)}\``).join(', ')} | ${cell(reason)} |`,
  );
  return `\n\n| Missed | Why |\n|---|---|\n${rows.join('\n')}`;
}

function printSuite({ title, about, test, misses, scores }: Suite): string {
  if (!existsSync(new URL(test, tests))) throw new Error(`There is no ${test}: correct test/conformance/suites.json.`);
  const [passed = 0, cases = 0] = [0, 1].map((at) =>
    Object.values(scores).reduce((sum, score) => sum + (score[at] ?? 0), 0),
  );
  const share = Math.floor((passed / cases) * 1000) / 10;
  const parts = Object.entries(scores).map(
    ([name, [done = 0, of = 0]]) => `${name} ${done === of ? number(of) : `${number(done)} of ${number(of)}`}`,
  );
  const all = parts.length > 1 ? `: ${parts.join(', ')}` : '';
  return `## ${title}

**${number(passed)} of ${number(cases)}** (${share} %)${all}. ${about} \`test/conformance/${test}\`${printMisses(misses)}`;
}

const page = `# Conformance

Suites that others wrote, what of each passes, and what is missed, by name and with the reason. Printed by
\`scripts/generate-conformance.ts\` from \`test/conformance/suites.json\` and the lists of misses beside it. Tests hold both to what
they count: a new miss fails, and so does a listed one that passes by now.

${suites.map(printSuite).join('\n\n')}
`;
writeFileSync(new URL('../docs/reference/conformance.md', import.meta.url), page);
