import type { Fate, ImportSummary } from '#fhir/bulk/index.ts';

const columns: readonly Fate[] = ['created', 'updated', 'unchanged', 'deleted', 'absent', 'rejected', 'ignored'];
const number = new Intl.NumberFormat('en');

/** The counts of an import as a table: a line for each resource type, a column for each fate that occurred. */
export function printSummary({ counts, accepted, rejected }: ImportSummary): string {
  const shown = columns.filter((fate) => Object.values(counts).some((fates) => (fates[fate] ?? 0) > 0));
  const rows = Object.entries(counts)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([type, fates]) => [type || '(unreadable)', ...shown.map((fate) => fates[fate] ?? 0)]);
  const sums = shown.map((fate) => Object.values(counts).reduce((sum, fates) => sum + (fates[fate] ?? 0), 0));
  const lines = [['', ...shown], ...rows, ['All', ...sums]].map((cells) =>
    cells.map((cell) => (typeof cell === 'number' ? number.format(cell) : cell)),
  );
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const table = lines.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return [...table, '', `${number.format(accepted)} resources, ${number.format(rejected)} rejected.`].join('\n');
}
