/** Prints docs/reference/jobs.md from the background work that a server process does. */
import { writeFileSync } from 'node:fs';
import { wholeFhir } from './whole-fhir.ts';

// Neither the pool nor the storage is used: the list does not depend on what is stored.
const pool = createPool('postgresql://127.0.0.1/none', { max: 1, applicationName: 'meridian generate' });
const { tasks } = createFhir({
  pool,
  sidePool: pool,
  baseUrl: 'http://127.0.0.1/fhir',
  now: Date.now,
  bulk: { storage: createFolderStorage(''), keepHours: 24, workFolder: '', importSources: [] },
});

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
