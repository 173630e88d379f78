import pg from 'pg';
import { Failure } from '#lib/failure.ts';

/**
 * The streaming replication protocol, of which the driver knows the messages and no more.
 * https://www.postgresql.org/docs/18/protocol-replication.html
 */

/** What the driver calls on the query that is under way. */
interface Submittable {
  submit(connection: Wire): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: { fields: (string | null)[] }): void;
  handlePortalSuspended(): void;
  handleEmptyQuery(): void;
  handleCommandComplete(): void;
  handleCopyInResponse(): void;
  handleCopyData(message: { chunk: Buffer }): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

/** The driver's connection, as far as this protocol needs it. */
export interface Wire {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  readonly stream: { pause(): void; resume(): void };
}

/** Rows of all result sets of a command, in their order. */
export type ReplicationRows = (string | null)[][];

/** A connection that is no session of SQL; it needs a role with the attribute REPLICATION. */
export async function openReplication(connectionString: string): Promise<pg.Client> {
  const config = { connectionString, application_name: 'meridian backup', replication: 'true', keepAlive: true };
  const client = new pg.Client(config);
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new Failure('transient', `The database does not open a connection for backups: ${(error as Error).message}`);
  }
}

/** Sends a command; data that it streams go to `onData`, which may keep the connection and answer on it. */
export function runReplication(
  client: pg.Client,
  text: string,
  onData: (chunk: Buffer, wire: Wire, rows: ReplicationRows) => void = () => {},
): Promise<ReplicationRows> {
  return new Promise((resolve, reject) => {
    const rows: ReplicationRows = [];
    let wire: Wire | undefined;
    const onEnd = () => reject(new Failure('transient', 'The connection to the database was lost during the backup.'));
    const settle = (end: () => void) => {
      client.off('end', onEnd);
      end();
    };
    const query: Submittable = {
      submit: (connection) => {
        wire = connection;
        connection.query(text);
      },
      handleRowDescription: () => {},
      handleDataRow: ({ fields }) => rows.push(fields),
      handlePortalSuspended: () => {},
      handleEmptyQuery: () => {},
      handleCommandComplete: () => {},
      handleCopyInResponse: () => {},
      handleCopyData: ({ chunk }) => wire && onData(chunk, wire, rows),
      handleReadyForQuery: () => settle(() => resolve(rows)),
      handleError: (error) => settle(() => reject(error)),
    };
    client.once('end', onEnd);
    (client as unknown as { query(submittable: Submittable): void }).query(query);
  });
}
