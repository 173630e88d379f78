import { Float8Column, Int4Column, Int8Column, TextColumn } from '#lib/postgres/binary-column.ts';
import type { CompositeRows } from './composite-rows.ts';
import type { Dictionary } from './dictionary.ts';
import type { RowColumns } from './queries.ts';
import { referenceKey } from './rid.ts';
import type { KeyPart } from './rows.ts';

type RidOfName = (name: string) => number;

const numberOf = (part: KeyPart, ridOfName: RidOfName): bigint =>
  typeof part === 'bigint' ? part : referenceKey(part.path, ridOfName(part.target));

/** Rows with their keys as numbers, in the order of the keys. */
function keyed<Row extends { mask: bigint; key: KeyPart; rid: number }>(
  rows: readonly Row[],
  ridOfName: RidOfName,
): (Row & { number: bigint })[] {
  return rows
    .map((row) => ({ ...row, number: numberOf(row.key, ridOfName) ^ row.mask }))
    .sort((left, right) => compare(left.number, right.number) || left.rid - right.rid);
}

const compare = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);

/** The composites of a batch as columns; equal pairs of keys are written once. */
export function compositeColumns(
  { keys, ranges, twoRanges, strings }: CompositeRows,
  ridOfName: RidOfName,
  dictionary: Dictionary,
): Pick<RowColumns, 'composite_key' | 'composite_range' | 'composite_ranges' | 'composite_string'> {
  return {
    composite_key: keyColumns(keys, ridOfName),
    composite_range: rangeColumns(ranges, ridOfName, dictionary),
    composite_ranges: twoRangesColumns(twoRanges, ridOfName, dictionary),
    composite_string: stringColumns(strings, ridOfName),
  };
}

function keyColumns(rows: CompositeRows['keys'], ridOfName: RidOfName): RowColumns['composite_key'] {
  const columns: RowColumns['composite_key'] = [new Int8Column(), new Int8Column(), new Int8Column()];
  const pairs = keyed(rows, ridOfName)
    .map((row) => ({ ...row, value: numberOf(row.value, ridOfName) }))
    .sort(
      (left, right) => compare(left.number, right.number) || compare(left.value, right.value) || left.rid - right.rid,
    );
  let last: (typeof pairs)[number] | undefined;
  for (const row of pairs) {
    if (last && last.number === row.number && last.value === row.value && last.rid === row.rid) continue;
    columns[0].pushBigInt(row.number);
    columns[1].pushBigInt(row.value);
    columns[2].push(row.rid);
    last = row;
  }
  return columns;
}

function rangeColumns(
  rows: CompositeRows['ranges'],
  ridOfName: RidOfName,
  dictionary: Dictionary,
): RowColumns['composite_range'] {
  const columns: RowColumns['composite_range'] = [
    new Int4Column(),
    new Int4Column(),
    new Int8Column(),
    new Float8Column(),
    new Float8Column(),
    new Int8Column(),
  ];
  for (const row of keyed(rows, ridOfName)) {
    columns[0].push(row.path);
    columns[1].push(dictionary.unitNumber(row.unit));
    columns[2].pushBigInt(row.number);
    columns[3].push(row.low);
    columns[4].push(row.high);
    columns[5].push(row.rid);
  }
  return columns;
}

function twoRangesColumns(
  rows: CompositeRows['twoRanges'],
  ridOfName: RidOfName,
  dictionary: Dictionary,
): RowColumns['composite_ranges'] {
  const columns: RowColumns['composite_ranges'] = [
    new Int4Column(),
    new Int4Column(),
    new Int4Column(),
    new Int8Column(),
    new Float8Column(),
    new Float8Column(),
    new Float8Column(),
    new Float8Column(),
    new Int8Column(),
  ];
  for (const row of keyed(rows, ridOfName)) {
    columns[0].push(row.path);
    columns[1].push(dictionary.unitNumber(row.unit));
    columns[2].push(dictionary.unitNumber(row.second.unit));
    columns[3].pushBigInt(row.number);
    columns[4].push(row.low);
    columns[5].push(row.high);
    columns[6].push(row.second.low);
    columns[7].push(row.second.high);
    columns[8].push(row.rid);
  }
  return columns;
}

function stringColumns(rows: CompositeRows['strings'], ridOfName: RidOfName): RowColumns['composite_string'] {
  const columns: RowColumns['composite_string'] = [
    new Int4Column(),
    new Int8Column(),
    new TextColumn(),
    new Int8Column(),
  ];
  for (const row of keyed(rows, ridOfName)) {
    columns[0].push(row.path);
    columns[1].pushBigInt(row.number);
    columns[2].push(row.value);
    columns[3].push(row.rid);
  }
  return columns;
}
