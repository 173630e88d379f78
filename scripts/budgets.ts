import { globSync, readFileSync } from 'node:fs';
import { ts } from '@ts-morph/common';
import exceptions from './budget-exceptions.json' with { type: 'json' };

/**
 * Counts lines against the house's budgets: small files, small functions. An exception stands in
 * budget-exceptions.json with its present size and may only shrink.
 */
const limits = { fileMedian: 80, file95: 300, file: 500, function95: 40, function: 80 };

const sources = '{src,portal,population,bench,scripts,bin}/**/*.{ts,tsx,mjs}';
const isTest = (path: string) => /[.](test|prop|spec)[.]tsx?$/.test(path);
const isCounted = (path: string) => !/(^|\/)(generated|dist|node_modules)\//.test(path) && !path.endsWith('.d.ts');

interface Sized {
  name: string;
  lines: number;
}

function main(): number {
  const paths = globSync(sources).filter(isCounted).sort();
  const texts = paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  const files = texts.map(({ path, text }) => ({ name: path, lines: text.trimEnd().split('\n').length }));
  const functions = texts.filter(({ path }) => !isTest(path)).flatMap(({ path, text }) => measureFunctions(path, text));
  const code = files.filter(({ name }) => !isTest(name));
  const faults = [
    ...tooLong('File', files, limits.file, exceptions.files),
    ...tooLong('Function', functions, limits.function, exceptions.functions),
    ...aboveQuantile('the median file', code, 0.5, limits.fileMedian),
    ...aboveQuantile('the 95th percentile of files', code, 0.95, limits.file95),
    ...aboveQuantile('the 95th percentile of functions', functions, 0.95, limits.function95),
    ...texts.flatMap(({ path, text }) => strayQueries(path, text)),
  ];
  for (const fault of faults) console.log(fault);
  const figures = [code, functions].map((all) => `median ${quantile(all, 0.5)}, p95 ${quantile(all, 0.95)} lines`);
  console.log(
    `${code.length} files (${figures[0]}), ${functions.length} functions (${figures[1]}), ${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}

function measureFunctions(path: string, text: string): Sized[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const functions: Sized[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      functions.push({ name: `${path}#${nameOf(node, first + 1)}`, lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return functions;
}

function nameOf(node: ts.SignatureDeclaration, line: number): string {
  const holder = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return holder === undefined ? `line ${line}` : holder.getText();
}

function tooLong(kind: string, all: Sized[], limit: number, allowed: Record<string, number>): string[] {
  const long = all.filter(({ name, lines }) => lines > (allowed[name] ?? limit));
  const sizes = new Map(all.map(({ name, lines }) => [name, lines]));
  const slack = Object.entries(allowed).filter(([name, lines]) => (sizes.get(name) ?? 0) < lines);
  return [
    ...long.map(
      ({ name, lines }) => `${kind} ${name} has ${lines} lines, ${allowed[name] ?? limit} at most: split it.`,
    ),
    ...slack.map(
      ([name]) => `${kind} ${name} has shrunk to ${sizes.get(name) ?? 0}: say so in budget-exceptions.json.`,
    ),
  ];
}

function aboveQuantile(name: string, all: Sized[], share: number, limit: number): string[] {
  const lines = quantile(all, share);
  return lines > limit ? [`Of ${all.length}, ${name} has ${lines} lines, ${limit} at most: split the longest.`] : [];
}

function quantile(all: Sized[], share: number): number {
  const sorted = all.map(({ lines }) => lines).sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Statements run in queries.ts alone; dependency-cruiser sees imports, not calls, so this looks at the text. */
function strayQueries(path: string, text: string): string[] {
  const mayQuery = !/^src\/(fhir|modules|adapters|apps)\//.test(path) || path.endsWith('/queries.ts') || isTest(path);
  if (mayQuery || !/[.]query(<[^>]*>)?\(/.test(text)) return [];
  return [`${path} runs a query: move the statement to the folder's queries.ts.`];
}

process.exitCode = main();
