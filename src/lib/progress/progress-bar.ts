const width = 28;

export interface Progress {
  /** How much is done, of `total` when that is known. */
  done: number;
  total?: number;
  /** What is counted: `resources`. */
  unit: string;
  /** How much of the whole work is over, from 0 to 1, where `total` is not known. */
  share?: number;
}

export interface ProgressBar {
  update(progress: Progress): void;
  end(): void;
}

const whole = new Intl.NumberFormat('en');

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;
}

function format(title: string, { done, total, unit, share: known }: Progress, elapsedSeconds: number): string {
  const rate = elapsedSeconds > 0 ? done / elapsedSeconds : 0;
  const count = `${whole.format(done)} ${unit}, ${whole.format(Math.round(rate))}/s`;
  const share = Math.min(known ?? (total ? done / total : 0), 1);
  if (share === 0) return `${title} ${count}`;
  const filled = Math.round(share * width);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
  const left = share < 1 ? `, ${formatSeconds((elapsedSeconds / share) * (1 - share))} left` : '';
  return `${title} ${bar} ${Math.floor(share * 100)} % ${count}${left}`;
}

/** Shows how long work goes on: one line that is redrawn on a terminal, a line every five seconds elsewhere. */
export function createProgressBar(title: string, stream: NodeJS.WriteStream, now = Date.now): ProgressBar {
  const start = now();
  let shownAt = 0;
  let last: Progress | undefined;
  const intervalMs = stream.isTTY ? 100 : 5000;
  const draw = (progress: Progress) => {
    const line = format(title, progress, (now() - start) / 1000);
    stream.write(stream.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
  };
  return {
    update(progress) {
      last = progress;
      if (now() - shownAt < intervalMs) return;
      shownAt = now();
      draw(progress);
    },
    end() {
      if (last) draw(last);
      if (stream.isTTY) stream.write('\n');
    },
  };
}
