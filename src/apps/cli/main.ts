import { Failure } from '#lib/failure.ts';
import { accountCommand } from './account-command.ts';
import { auditCommand } from './audit-command.ts';
import { backupCommand } from './backup-command.ts';
import { clientCommand } from './client-command.ts';
import { directoryCommand } from './directory-command.ts';
import { exportCommand } from './export-command.ts';
import { expungeCommand } from './expunge-command.ts';
import { importCommand } from './import-command.ts';
import { reindexCommand } from './reindex-command.ts';
import { restoreCommand } from './restore-command.ts';
import { terminologyCommand } from './terminology-command.ts';
import { tokenCommand } from './token-command.ts';

const usage = `meridian <command>

  import <file or folder>...  bring FHIR resources into the record
  export <folder>             write resources into NDJSON files
  backup <folder>             copy the database while it runs, or keep every change
  restore <folder>            bring a backup back, to any moment that it knows
  terminology load <file>...  load code systems, value sets and concept maps
  directory import <kind> <file>
                              take organisations, staff, services or villages from a CSV file
  reindex                     compare the search index with the resources, and put it right
  expunge <type>/<id>...      remove resources, or old versions of them, for good
  account add|reset|list      let people sign in, or begin anew after a lost password or phone
  client add|list|remove      register the applications that may ask for access
  token --as <who>            print an access token, for whoever holds the machine
  audit verify                find whatever was changed in the trail of who looked at and changed what

"meridian <command> --help" tells more. The database is that of DATABASE_URL, or else the one in MERIDIAN_DATA
(.meridian in this folder), whether a server is running on it or not.`;

const commands: Record<string, (args: string[]) => Promise<number>> = {
  import: importCommand,
  export: exportCommand,
  backup: backupCommand,
  restore: restoreCommand,
  terminology: terminologyCommand,
  directory: directoryCommand,
  reindex: reindexCommand,
  expunge: expungeCommand,
  account: accountCommand,
  client: clientCommand,
  token: tokenCommand,
  audit: auditCommand,
};

async function main([name = '--help', ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    console.log(usage);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Failure('not-supported', `There is no command ${name}.\n\n${usage}`);
  return command(args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Failure) console.error(error.message);
  else console.error('The command failed.', error);
  process.exitCode = 1;
}
