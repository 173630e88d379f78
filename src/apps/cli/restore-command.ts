import { Failure } from '#lib/failure.ts';
import { restoreBackup } from '#lib/postgres/backup/index.ts';
import { readConfig } from '../server/config.ts';
import { readArguments } from './read-arguments.ts';

const restoreUsage = `meridian restore <folder> [--at <instant>] [--into <data folder>]

Brings back a backup that "meridian backup" wrote, checks every file of it, and recovers it; keys and the anchor of the
trail are put back beside the database.

  --at <instant>        the moment to return to, as in 2026-03-01T09:30:00Z; otherwise the latest that the backup knows
  --into <data folder>  where to (MERIDIAN_DATA, or .meridian in this folder, unless told otherwise); it must not hold a
                        database yet

Start the server on that folder afterwards.`;

export async function restoreCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { at: { type: 'string' }, into: { type: 'string' } });
  if (values.help) {
    console.log(restoreUsage);
    return 0;
  }
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new Failure('required', 'Name the folder of the backup.');
  const dataFolder = values.into ?? readConfig().MERIDIAN_DATA;
  const at = parseInstant(values.at);
  console.log('Restoring: unpacking, checking every file, and recovering.');
  const backup = await restoreBackup({ folder, dataFolder, at });
  console.log(`Restored from the copy of ${backup.finishedAt} as of ${at?.toISOString() ?? 'its end'}: ${dataFolder}`);
  return 0;
}

function parseInstant(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const instant = new Date(text);
  if (isInstant && !Number.isNaN(instant.getTime())) return instant;
  throw new Failure('value', `--at must be an instant with its zone, as in 2026-03-01T09:30:00Z, not "${text}".`);
}
