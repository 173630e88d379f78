import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv } from './csv.ts';

const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;

async function readAll(chunks: string[]): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of readCsv(chunks)) rows.push(row);
  return rows;
}

const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', '高', '\ufeff') });

test('what is printed is read again, wherever the chunks end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      async (rows, size) => {
        const text = rows.map((row) => row.map(quote).join(',')).join('\r\n');
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
          text.slice(index * size, (index + 1) * size),
        );
        expect(await readAll(chunks)).toEqual(rows);
      },
    ),
  );
});

test('plain fields, empty lines and a byte order mark', async () => {
  expect(await readAll(['\ufeffcode,display\n\nA,\r\n', 'B,"x, y"'])).toEqual([
    ['code', 'display'],
    ['A', ''],
    ['B', 'x, y'],
  ]);
});

test('a quote that is not closed is refused', async () => {
  await expect(readAll(['code\n"A'])).rejects.toThrow(/not closed/);
});
