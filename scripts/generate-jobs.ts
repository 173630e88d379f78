/** Prints docs/reference/jobs.md from the background work that a server process does. */
import { writeFileSync } from 'node:fs';
import { wholeFhir } from './whole-fhir.ts';

const rows = wholeFhir()
  .tasks.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  .map(({ name, meaning, attempts }) => `| ${name} | ${meaning} | ${attempts} |`);
const page = `# Background jobs

Printed by \`scripts/generate-jobs.ts\` from the tasks that every server process works on. They wait in \`meridian.job\`; a job
that made no progress in so many starts has failed, and says why in the column \`failure\`.

| Task | What it does | Starts |
|---|---|---|
${rows.join('\n')}
`;
writeFileSync(new URL('../docs/reference/jobs.md', import.meta.url), page);
