import { userInfo } from 'node:os';
import type { Fhir } from '#fhir/assemble.ts';
import { openAudit } from '../server/audit.ts';
import { readConfig } from '../server/config.ts';
import { wire } from '../server/wire.ts';
import { openRecord } from './open-record.ts';

const connections = 2;

/** Runs something on the record, with the trail of who did what, also beside a server that runs. */
export async function withRecord<Result>(name: string, run: (fhir: Fhir) => Promise<Result>): Promise<Result> {
  const config = readConfig();
  const database = await openRecord(config);
  const services = wire(database.connectionString, connections, `meridian ${name}`, config.MERIDIAN_TEXT_SEARCH);
  const audit = openAudit(config, database.connectionString, (event, details) => console.error(event, details));
  try {
    return await run(services.fhir('', { trail: audit.trail }));
  } finally {
    await audit.stop();
    await services.stop();
    await database.stop();
  }
}

/** Under which name the trail knows whoever holds the machine. */
export const operatorName = (): string => `Operator, by command line as ${userInfo().username}`;
