import { printCsvField } from '#lib/csv/parse-csv.ts';
import { type ImportKind, importColumns } from './columns.ts';

/** A file to be filled in: the headings, and a row that shows how. With a byte order mark, by which spreadsheets know UTF-8. */
export function printTemplate(kind: ImportKind, isChinese: boolean): string {
  const columns = importColumns[kind];
  const headings = columns.map(({ headings: [english = '', chinese = ''] }) => (isChinese ? chinese : english));
  const rows = [headings, columns.map(({ example }) => example)];
  return `\uFEFF${rows.map((row) => row.map(printCsvField).join(',')).join('\r\n')}\r\n`;
}
