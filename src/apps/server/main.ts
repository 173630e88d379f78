import { parseArgs } from 'node:util';
import { Failure } from '#lib/failure.ts';
import { readConfig } from './config.ts';
import { announce, type Running } from './running.ts';
import { start } from './serve.ts';

function exitWith(error: unknown): never {
  if (error instanceof Failure) console.error(`Meridian cannot start. ${error.message}`);
  else console.error('Meridian failed.', error);
  process.exit(1);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { empty: { type: 'boolean', default: false } }, strict: true });
  let running: Running | undefined;
  let stopping: Promise<void> | undefined;
  const end = async (code: number) => {
    stopping ??= running?.stop() ?? Promise.resolve();
    await stopping.catch((error: Error) => console.error(`Meridian did not stop cleanly: ${error.message}`));
    process.exit(code);
  };
  const starting = start(readConfig(), values.empty, (failure) => {
    console.error(`Meridian stops. ${failure.message}`);
    void end(1);
  });
  const onSignal = () => {
    void starting.then(
      () => end(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  running = await starting;
  announce(running);
}

await main().catch(exitWith);
