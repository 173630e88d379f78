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
  const startedAt = readState(npm).startedAt;
  const timer = setInterval(() => {
    if (readState(npm).startedAt === startedAt) return;
    clearInterval(timer);
    stop();
  }, intervalMs);
  timer.unref();
}

function findNpm() {
  if (process.platform !== 'linux' || process.env.npm_execpath === undefined) return undefined;
  for (let pid = process.ppid; pid > 1; pid = readState(pid).parent) {
    if (/^npm /.test(read(`/proc/${pid}/cmdline`))) return pid;
  }
  return undefined;
}

/** Fields 3, 4 and 22 of /proc/<pid>/stat; the command in field 2 may hold blanks. A zombie has ended. */
function readState(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1] ?? 0), startedAt: fields[0] === 'Z' ? undefined : fields[19] };
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
