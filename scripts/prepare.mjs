// Makes a checkout ready to run: installs what is missing and builds the portal. Runs before every npm script, so it is
// plain JavaScript for the machine's own Node and imports nothing that npm would have to install first.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const runtime = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** Brings node_modules up to package-lock.json, the runtime included; says on stderr what it does. */
export function prepareModules() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
  }
  if (!isInstalled()) {
    say('Installing what Meridian needs from the npm registry ...');
    runNpm('ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund');
  }
  if (!runtimeRuns()) {
    // npm may have been told to skip install scripts; the runtime's package fetches its program in one.
    say('Fetching the Node 24 runtime ...');
    run(process.execPath, ['installArchSpecificPackage.js'], join(modules, 'node'));
  }
  if (!runtimeRuns()) throw new Error(`The runtime ${runtime} does not start. Delete node_modules and try again.`);
  return runtime;
}

/** Builds the portal when its sources differ from those of the last build. */
export function preparePortal() {
  const stamp = join(modules, '.cache', 'meridian', 'portal');
  const sources = hashFiles([...listFiles('portal'), ...listFiles('src/lib'), 'package-lock.json']);
  const isBuilt = existsSync(join(root, 'portal', 'dist', 'index.html'));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  say('Building the portal ...');
  run(runtime, [join(modules, 'vite', 'bin', 'vite.js'), 'build', 'portal']);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}

/** npm records what it installed in a lock file of its own: every package that is not for another platform must agree. */
function isInstalled() {
  const installed = readLock(join(modules, '.package-lock.json'));
  const wanted = readLock(join(root, 'package-lock.json'));
  return (
    installed !== undefined &&
    wanted !== undefined &&
    Object.entries(wanted).every(([path, { version, optional, link }]) => {
      if (path === '' || link) return true;
      return installed[path] === undefined ? optional === true : installed[path].version === version;
    })
  );
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

function runtimeRuns() {
  const { stdout } = spawnSync(runtime, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  return stdout?.startsWith('v24.') ?? false;
}

function runNpm(...args) {
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) run(process.execPath, [npm, ...args]);
  else run('npm', args);
}

function run(command, args, cwd = root) {
  // Output goes to stderr: what the command itself prints on stdout may be piped on.
  const options = { cwd, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  const { status, error } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`"${[command, ...args].join(' ')}" failed${error ? `: ${error.message}` : ''}.`);
}

function listFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.name !== 'dist' && !/[.](test|prop)[.]tsx?$/.test(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    prepareModules();
    if (process.argv.includes('portal')) preparePortal();
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}
