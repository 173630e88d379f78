// Loaded before Meridian's processes. Stops them when what launched them is gone, even by SIGKILL, which nobody can pass
// on: bin/meridian.mjs, whose channel then closes, or npm, which stands above a shell and is looked for by its title.
import { readFileSync } from 'node:fs';

const intervalMs = 250;
const patienceMs = 20_000;

function stop() {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(137), patienceMs).unref();
}

process.once('disconnect', stop);
process.channel?.unref();

const npm = findNpm();
if (npm !== undefined) {
  const timer = setInterval(() => {
    if (isNpm(npm)) return;
    clearInterval(timer);
    stop();
  }, intervalMs);
  timer.unref();
}

function findNpm() {
  if (process.platform !== 'linux' || process.env.npm_execpath === undefined) return undefined;
  for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) if (isNpm(pid)) return pid;
  return undefined;
}

function isNpm(pid) {
  return /^npm /.test(read(`/proc/${pid}/cmdline`));
}

function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
