import { Failure } from '#lib/failure.ts';
import { startEmbeddedPostgres } from '#lib/postgres/embedded.ts';
import { findProgramIn } from '#lib/postgres/embedded-program.ts';

/** The process behind startEmbeddedProcess: exits 2 when PostgreSQL does not start, and 3 when it ends by itself. */
try {
  const [, , dataFolder = '', programFolder, port] = process.argv;
  const { processId, connectionString, stop } = await startEmbeddedPostgres({
    dataFolder,
    durability: 'durable',
    ...(port ? { port: Number(port) } : {}),
    program: programFolder ? findProgramIn(programFolder) : undefined,
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
