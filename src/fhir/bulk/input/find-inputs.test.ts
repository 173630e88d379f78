import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findInputs } from './find-inputs.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-inputs-'));
  mkdirSync(join(folder, 'more'));
  for (const name of ['patient-10.json', 'patient-9.json', 'a.NDJSON', 'index.csv', 'more/b.jsonl']) {
    writeFileSync(join(folder, name), '{}');
  }
  writeFileSync(join(folder, 'c.ndjson.gz'), gzipSync('{}'));
  writeFileSync(join(folder, 'd.ndjson'), gzipSync('{}'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const namesOf = (...paths: string[]) => findInputs(paths).map(({ path }) => path.slice(folder.length + 1));

test('a folder gives its files of JSON and NDJSON in natural order, those of its folders too', () => {
  expect(namesOf(folder)).toEqual([
    'a.NDJSON',
    'c.ndjson.gz',
    'd.ndjson',
    'more/b.jsonl',
    'patient-9.json',
    'patient-10.json',
  ]);
});

test('files come in the order given, each once', () => {
  const file = join(folder, 'patient-10.json');
  expect(namesOf(file, folder)[0]).toBe('patient-10.json');
  expect(namesOf(file, folder)).toHaveLength(6);
});

test('the first bytes tell what is gzipped, the name what is one document a line', () => {
  const kinds = findInputs([folder]).map(({ isGzip, isLines }) => [isGzip, isLines]);
  expect(kinds).toEqual([
    [false, true],
    [true, true],
    [true, true],
    [false, true],
    [false, false],
    [false, false],
  ]);
});

test('a file that was changed is another one', () => {
  const file = join(folder, 'patient-9.json');
  const [before] = findInputs([file]);
  expect(findInputs([file])[0]?.identity).toBe(before?.identity);
  utimesSync(file, 1, 1);
  expect(findInputs([file])[0]?.identity).not.toBe(before?.identity);
});

test('what cannot be imported is told at once', () => {
  expect(() => findInputs([join(folder, 'none.json')])).toThrow('There is no file or folder');
  expect(() => findInputs([join(folder, 'index.csv')])).toThrow('must be named .json');
  const empty = mkdtempSync(join(folder, 'empty-'));
  expect(() => findInputs([empty])).toThrow('Nothing to import');
});
