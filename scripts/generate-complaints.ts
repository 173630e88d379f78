/** Prints docs/reference/complaints.md, and fails when a test that it names is not there. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

interface Complaint {
  theme: string;
  of: string;
  /** Numbers of issues and pull requests, by server. */
  reports: string;
  /** A file, or a file and the title of a test in it. */
  tests: string[];
}

const root = new URL('../', import.meta.url);
const complaints = JSON.parse(readFileSync(new URL('test/conformance/complaints.json', root), 'utf8')) as Complaint[];

function requireTest(test: string): void {
  const [file = '', ...title] = test.split(': ');
  const path = new URL(file, root);
  if (!existsSync(path)) throw new Error(`There is no ${file}: correct test/conformance/complaints.json.`);
  if (title.length > 0 && !readFileSync(path, 'utf8').includes(title.join(': '))) {
    throw new Error(`${file} has no test "${title.join(': ')}": correct test/conformance/complaints.json.`);
  }
}

for (const { tests } of complaints) tests.forEach(requireTest);

const rows = complaints.map(
  ({ theme, of, reports, tests }) =>
    `| ${theme}: ${of} | ${reports} | ${tests.map((test) => `\`${test.replace(': ', '`: ')}${test.includes(': ') ? '' : '`'}`).join('<br>')} |`,
);
const page = `# What users of other servers complain of

And what holds Meridian to do better. Printed from \`test/conformance/complaints.json\`; a test that is not there any more
breaks the build.

| Complaint | Reported as | Held by |
|---|---|---|
${rows.join('\n')}
`;
writeFileSync(new URL('docs/reference/complaints.md', root), page);
