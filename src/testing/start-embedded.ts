import { Failure } from '#lib/failure.ts';
import { startEmbeddedPostgres } from '#lib/postgres/embedded.ts';

/** The process behind startEmbeddedProcess: exits 2 when PostgreSQL does not start, and 3 when it ends by itself. */
try {
  const [, , dataFolder = ''] = process.argv;
  const { processId, connectionString, stop } = await startEmbeddedPostgres({
    dataFolder,
    durability: 'durable',
    onExit: (failure) => exitWith(failure, 3),
  });
  process.once('SIGTERM', () => void stop().then(() => process.exit(0)));
  process.stdout.write(`${JSON.stringify({ postmaster: processId, connectionString })}\n`);
} catch (error) {
  exitWith(error, 2);
}

function exitWith(error: unknown, code: number): void {
  const text = error instanceof Failure ? `${error.code}: ${error.message}` : String((error as Error).stack);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}
