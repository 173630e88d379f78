import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The program of a Chromium on this machine: the system's own, or the one that Playwright installed. */
export function findChromium(): string | undefined {
  const onPath = names.flatMap((name) =>
    ['/usr/bin', '/usr/local/bin', '/snap/bin'].map((folder) => `${folder}/${name}`),
  );
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return [...onPath, mac, chromium.executablePath()].find(starts);
}

/** Whether a font for Chinese is there; without one a browser draws empty boxes. Systems other than Linux bring theirs. */
export function findChineseFont(): boolean {
  if (process.platform !== 'linux') return true;
  const { stdout, status } = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '';
}

/** Finds Chromium and a Chinese font or installs them; returns Chromium's program. Says on the console what it does. */
export function installBrowser(): string | undefined {
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  const found = findChromium();
  if (found !== undefined && findChineseFont()) return found;
  if (isDebianRoot) {
    const packages = [...(found === undefined ? ['chromium'] : []), 'fonts-noto-cjk', 'fontconfig'];
    console.log(`Installing ${packages.join(', ')} ...`);
    run('apt-get', 'update', '-qq');
    run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages);
  } else {
    if (found === undefined) {
      console.log("Installing Chromium with Playwright's installer ...");
      run(process.execPath, 'node_modules/playwright-core/cli.js', 'install', 'chromium');
    }
    if (!findChineseFont()) console.log('Install a Chinese font, such as the package fonts-noto-cjk, as root.');
  }
  return findChromium();
}

function starts(program: string): boolean {
  if (!existsSync(program)) return false;
  return spawnSync(program, ['--version', '--no-sandbox'], { stdio: 'ignore' }).status === 0;
}

function run(command: string, ...args: string[]): void {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
}
