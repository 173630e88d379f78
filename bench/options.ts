import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const scenarioNames = [
  'import',
  'copy',
  'read',
  'audit',
  'search',
  'access',
  'everything',
  'count',
  'export',
  'create',
  'transaction',
  'growth',
  'match',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Options {
  scenarios: ScenarioName[];
  /** Folder of transaction Bundles; undefined when there is none, so that the population generator stands in. */
  dataFolder: string | undefined;
  /** About so many resources. */
  limit: number;
  /** Write the output to bench/baseline.json. */
  isBaseline: boolean;
  /** Folder for CPU profiles of server and import. */
  profileFolder: string | undefined;
}

const usage = `npm run bench [-- ${scenarioNames.join('|')} ... --data FOLDER --limit RESOURCES --save --profile FOLDER]`;
const defaultLimit = 1_000_000;
const syntheaFolder = '../shared/data/synthea-r4/smart-2019-2021';

function parseScenarios(names: string[]): ScenarioName[] {
  const unknown = names.find((name) => !scenarioNames.includes(name as ScenarioName));
  if (unknown !== undefined) throw new RangeError(`There is no scenario "${unknown}". ${usage}`);
  return names.length === 0 ? [...scenarioNames] : scenarioNames.filter((name) => names.includes(name));
}

export function parseOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      limit: { type: 'string' },
      save: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const limit = values.limit === undefined ? defaultLimit : Number(values.limit);
  if (!(Number.isSafeInteger(limit) && limit > 0)) throw new RangeError(usage);
  if (values.data !== undefined && !existsSync(values.data)) throw new RangeError(`There is no ${values.data}.`);
  if (values.save && (positionals.length > 0 || values.limit !== undefined)) {
    throw new RangeError('A baseline is a whole run: leave out scenarios and limit.');
  }
  const folder = resolve(values.data ?? syntheaFolder);
  return {
    scenarios: parseScenarios(positionals),
    dataFolder: existsSync(folder) ? folder : undefined,
    limit,
    isBaseline: values.save,
    profileFolder: values.profile && resolve(values.profile),
  };
}
