/** Prints docs/reference/capacity.md from what the last benchmark run measured: bench/baseline.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Results } from '../bench/results.ts';

interface Baseline {
  at: string;
  data: string;
  machine: { cpu?: string; cores?: number; postgres?: string };
  results: Results;
}

const baseline = JSON.parse(readFileSync(new URL('../bench/baseline.json', import.meta.url), 'utf8')) as Baseline;
const { import: imported, transaction, create, read, search } = baseline.results;
if (!imported || !transaction || !create || !read || !search) throw new Error('The baseline is not of a whole run');

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
  return `${short.format(count / 1000 ** power)} ${units[power]}`;
}

const microseconds = (cost: { serverCpuMicrosPerUnit: number; postgresCpuMicrosPerUnit: number }) =>
  cost.serverCpuMicrosPerUnit + cost.postgresCpuMicrosPerUnit;

const stored = imported.tables.find(({ table }) => table === 'resource')?.rows ?? imported.units;
const sizes = imported.tables
  .filter(({ heapBytes, indexBytes, rows }) => rows > 0 && heapBytes + indexBytes > 1_000_000)
  .toSorted((left, right) => right.heapBytes + right.indexBytes - left.heapBytes - left.indexBytes);
const indexBytes = sizes.reduce((sum, size) => sum + size.indexBytes, 0) / stored;
const allBytes = sizes.reduce((sum, size) => sum + size.heapBytes + size.indexBytes, 0) / stored;

const tableRows = sizes.map(
  ({ table, rows, heapBytes, indexBytes: index }) =>
    `| ${table} | ${short.format(rows / stored)} | ${bytes(heapBytes / stored)} | ${bytes(index / stored)} |`,
);

const costs: [string, { serverCpuMicrosPerUnit: number; postgresCpuMicrosPerUnit: number }][] = [
  ['import of a resource from a file', imported],
  ['resource in a transaction Bundle', transaction],
  ['single create, 32 clients', create.clients32],
  ['read', read.observation.clients8],
  ['search of the mixed suite', search.clients4],
];
const costRows = costs.map(
  ([name, cost]) =>
    `| ${name} | ${whole.format(microseconds(cost))} | ${whole.format(1_000_000 / microseconds(cost))} |`,
);

const secondsPerHour = 3600;
const memoryShare = 0.25;
const sizeRows = [1e6, 1e7, 1e8, 1e9].map((resources) =>
  [
    '',
    whole.format(resources),
    bytes(resources * allBytes),
    bytes(resources * indexBytes),
    bytes(resources * indexBytes * memoryShare),
    short.format((resources * microseconds(imported)) / 1e6 / secondsPerHour),
    '',
  ]
    .join(' | ')
    .trim(),
);

const page = `# Capacity

Printed by \`scripts/generate-capacity.ts\` from \`bench/baseline.json\`: ${baseline.data}, ${whole.format(stored)} resources of
${whole.format(imported.contentBytesPerResource)} bytes of JSON, PostgreSQL ${baseline.machine.postgres}, ${baseline.machine.cores} cores of ${baseline.machine.cpu ?? 'an unnamed processor'},
${baseline.at.slice(0, 10)}. Your resources and your machine differ: run \`npm run bench\` on both.

## Bytes for a resource

${bytes(allBytes)} in all, versions that were replaced apart: each of those adds its JSON and about 100 bytes.

| Table | Rows | Table | Indexes |
|---|---|---|---|
${tableRows.join('\n')}

## Processor time

Server and PostgreSQL together. A core that does nothing else carries so many a second; plan for half of that.

| Interaction | Microseconds | For each core and second |
|---|---|---|
${costRows.join('\n')}

## Sizes

Disk is that of the record without backups and without the log of changes (8 GB and more with the settings below). Memory is
what keeps the busy quarter of the indexes in PostgreSQL's and the system's caches; less works, with more reads of the disk.

| Resources | Disk | of which indexes | Memory | Hours to import on one core |
|---|---|---|---|---|
${sizeRows.join('\n')}

A resident has about 175 resources for a whole life in the data measured. What changes in a database of a hundred million
resources, and what does not, is told in [the guide](../guides/grow.md).
`;
writeFileSync(new URL('../docs/reference/capacity.md', import.meta.url), page);
