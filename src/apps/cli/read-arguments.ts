import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Failure } from '#lib/failure.ts';

const help = { help: { type: 'boolean', short: 'h' } } as const;

/** The options and names of a command, with `--help`; what it does not know is a failure in words. */
export function readArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options: { ...options, ...help }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Failure('value', (error as Error).message);
  }
}
