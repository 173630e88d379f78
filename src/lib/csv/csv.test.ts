import { describe, expect, it } from 'vitest';
import { printCsvField } from './parse-csv.ts';
import { readTable } from './read-table.ts';

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const columns = [
  { name: 'code', headings: ['code', '代码'], isRequired: true },
  { name: 'name', headings: ['name', '名称'], isRequired: true },
  { name: 'note', headings: ['note'], isRequired: false },
] as const;

async function rowsOf(file: string | Uint8Array, length = 7) {
  const rows = [];
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  for await (const row of readTable(pieces(bytes, length), columns)) rows.push(row);
  return rows;
}

const encoded = Uint8Array.from([
  ...Buffer.from('code,name\n1,'),
  ...[0xb7, 0xe5, 0xc9, 0xbd], // 峰山 in GB18030
  ...Buffer.from('\n'),
]);

describe('tables in CSV', () => {
  it('may name their columns in any order and in Chinese, with quotes, commas and line ends in fields', async () => {
    const rows = await rowsOf('\uFEFF名称,Code\r\n"秀山, ""东""\n街道",530423001\r\n\r\n里山,2\r\n');
    expect(rows).toEqual([
      { line: 2, cells: { code: '530423001', name: '秀山, "东"\n街道', note: '' } },
      { line: 5, cells: { code: '2', name: '里山', note: '' } },
    ]);
  });

  it('are read as GB18030 where they are no UTF-8, however they are cut', async () => {
    for (let length = 1; length < encoded.length; length++) {
      expect((await rowsOf(encoded, length))[0]?.cells.name, `pieces of ${length}`).toBe('峰山');
    }
  });

  it('are read as UTF-8 however they are cut', async () => {
    const text = 'code,name\n1,秀山街道里山乡\n2,𠮷野\n';
    for (let length = 1; length < 40; length++) {
      expect((await rowsOf(text, length)).map(({ cells }) => cells.name)).toEqual(['秀山街道里山乡', '𠮷野']);
    }
  });

  it.each([
    ['', 'The file is empty'],
    ['code,nome\n', 'There is no column "nome"'],
    ['code\n', 'must also name: name'],
    ['code,name,代码\n', 'stands twice'],
    ['code,name\n1,"a', 'not closed'],
  ])('%j is refused before any row', async (file, message) => {
    await expect(rowsOf(file)).rejects.toThrow(message);
  });

  it('print fields that no spreadsheet takes for a formula', () => {
    expect(printCsvField('=1+1')).toBe("'=1+1");
    expect(printCsvField('a,"b"')).toBe('"a,""b"""');
  });
});
