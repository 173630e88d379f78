import { v7 as uuidv7 } from 'uuid';
import { type CodeSystemHeader, type LoadProgress, type LoadSummary, loadFile } from '#fhir/terminology/index.ts';
import { Failure } from '#lib/failure.ts';
import { createProgressBar } from '#lib/progress/progress-bar.ts';
import { type Config, readConfig } from '../server/config.ts';
import { wire } from '../server/wire.ts';
import { openRecord } from './open-record.ts';
import { readArguments } from './read-arguments.ts';

const terminologyUsage = `meridian terminology load <file>... [options]

Loads code systems, value sets and concept maps. A file is

  .csv     the concepts of one code system. The first line names the columns: code (required), display, definition,
           parent (codes divided by |), inactive and notSelectable (true or false), designation or
           designation:<language> (texts divided by |); every other column is a property
  .json    a FHIR R4 CodeSystem, ValueSet or ConceptMap, or a Bundle of them
  .ndjson  one of them a line

gzipped (.gz) or not. What has the same url and version is replaced at once when all is in; an attempt that breaks off
changes nothing, and can be repeated.

  --url <uri>         address of the code system of a CSV file (required for it)
  --version <text>    its version
  --name <name>       its name for programs: letters, digits and underscores
  --title <text>      its name for people
  --language <code>   language of the displays
  --ignore-case       codes are the same in capital and small letters`;

const connections = 4;

const text = { type: 'string' } as const;
const options = {
  url: text,
  version: text,
  name: text,
  title: text,
  language: text,
  'ignore-case': { type: 'boolean' },
} as const;

/** Returns the exit code. */
export async function terminologyCommand([verb, ...args]: string[]): Promise<number> {
  if (verb === undefined || verb === '--help' || verb === '-h') {
    console.log(terminologyUsage);
    return 0;
  }
  if (verb !== 'load') throw new Failure('not-supported', `There is no "terminology ${verb}".\n\n${terminologyUsage}`);
  const { values, positionals } = readArguments(args, options);
  if (values.help) {
    console.log(terminologyUsage);
    return 0;
  }
  if (positionals.length === 0) throw new Failure('required', 'Name a file to load.');
  const header: CodeSystemHeader = {
    url: values.url,
    version: values.version,
    name: values.name,
    title: values.title,
    language: values.language,
    isCaseSensitive: !values['ignore-case'],
  };
  const config = readConfig();
  const database = await openRecord(config);
  try {
    for (const path of positionals) await load(database.connectionString, config, path, header);
    return 0;
  } finally {
    await database.stop();
  }
}

async function load(connectionString: string, config: Config, path: string, header: CodeSystemHeader): Promise<void> {
  const services = wire(connectionString, connections, 'meridian terminology', config.MERIDIAN_TEXT_SEARCH);
  const { pool, store } = services.fhir('');
  const bar = createProgressBar('Loading', process.stderr);
  const show = ({ concepts, total }: LoadProgress) =>
    bar.update({ done: concepts, unit: 'concepts', ...(total !== undefined && { total }) });
  let summary: LoadSummary;
  try {
    summary = await loadFile({ pool, store, newId: uuidv7, now: Date.now }, path, header, show);
  } finally {
    bar.end();
    await services.stop();
  }
  console.log(`${path}: ${printSummary(summary)}`);
}

const number = new Intl.NumberFormat('en');

function printSummary({ concepts, codeSystems, valueSets, conceptMaps }: LoadSummary): string {
  const parts = [
    [codeSystems, `code system${codeSystems === 1 ? '' : 's'} with ${number.format(concepts)} concepts`],
    [valueSets, `value set${valueSets === 1 ? '' : 's'}`],
    [conceptMaps, `concept map${conceptMaps === 1 ? '' : 's'}`],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${number.format(count)} ${what}`);
  return said.length > 0 ? `${said.join(', ')}.` : 'nothing was in it.';
}
