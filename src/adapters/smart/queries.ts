import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import type { Client, JwkSet } from './client.ts';

type Connection = Pool | Transaction;

async function rowsOf<Row>(connection: Connection, sql: string, values: readonly unknown[]): Promise<Row[]> {
  return (await connection.query(sql, [...values])).rows as Row[];
}

async function countOf(connection: Connection, sql: string, values: readonly unknown[]): Promise<number> {
  return (await connection.query(sql, [...values])).rowCount ?? 0;
}

const clientColumns = `id, name, kind, redirect_uris as "redirectUris", launch_uri as "launchUri", scopes, jwks,
  jwks_uri as "jwksUri", organization, trusted as "isTrusted", introspects`;

export async function findClient(connection: Connection, id: string): Promise<Client | undefined> {
  // No text of the database holds it; an assertion may.
  if (id.includes('\0')) return undefined;
  const [client] = await rowsOf<Client>(connection, `select ${clientColumns} from smart.client where id = $1`, [id]);
  return client;
}

/** By name; at most a thousand, which is said by one more. */
export const listClients = (connection: Connection): Promise<Client[]> =>
  rowsOf(connection, `select ${clientColumns} from smart.client order by name, id limit 1001`, []);

/** Adds none where the id is taken. */
export const insertClient = (connection: Connection, client: Client, at: Date): Promise<number> =>
  countOf(
    connection,
    `insert into smart.client (id, name, kind, redirect_uris, launch_uri, scopes, jwks, jwks_uri, organization, trusted,
       introspects, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
    [
      client.id,
      client.name,
      client.kind,
      client.redirectUris,
      client.launchUri,
      client.scopes,
      client.jwks === null ? null : JSON.stringify(client.jwks satisfies JwkSet),
      client.jwksUri,
      client.organization,
      client.isTrusted,
      client.introspects,
      at,
    ],
  );

/** With all that was granted to it. */
export const deleteClient = (connection: Connection, id: string): Promise<number> =>
  countOf(connection, 'delete from smart.client where id = $1', [id]);

/** Where pages of applications come from: at most ten thousand addresses. */
export async function listRedirectUris(connection: Connection): Promise<string[]> {
  const rows = await rowsOf<{ uri: string }>(
    connection,
    'select distinct unnest(redirect_uris) as uri from smart.client limit 10000',
    [],
  );
  return rows.map(({ uri }) => uri);
}

export interface Artifact {
  payload: Record<string, unknown>;
  consumedAt: Date | null;
}

export interface ArtifactKey {
  kind: string;
  hash: Buffer;
}

interface NewArtifact extends ArtifactKey {
  payload: unknown;
  grantId: string | undefined;
  uid: string | undefined;
  client: string | undefined;
  expiresAt: Date;
}

const artifactColumns = 'payload, consumed_at as "consumedAt"';

export async function findArtifact(pool: Pool, { kind, hash }: ArtifactKey): Promise<Artifact | undefined> {
  const sql = `select ${artifactColumns} from smart.artifact where kind = $1 and hash = $2`;
  const [found] = await rowsOf<Artifact>(pool, sql, [kind, hash]);
  return found;
}

export async function findArtifactByUid(pool: Pool, kind: string, uid: string): Promise<Artifact | undefined> {
  const sql = `select ${artifactColumns} from smart.artifact where uid = $2 and kind = $1`;
  const [found] = await rowsOf<Artifact>(pool, sql, [kind, uid]);
  return found;
}

const insertArtifactSql = `
  insert into smart.artifact (kind, hash, payload, grant_id, uid, client, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
  on conflict (kind, hash) do`;

const artifactValues = (artifact: NewArtifact): unknown[] => [
  artifact.kind,
  artifact.hash,
  JSON.stringify(artifact.payload),
  artifact.grantId,
  artifact.uid,
  artifact.client,
  artifact.expiresAt,
];

export async function saveArtifact(connection: Connection, artifact: NewArtifact): Promise<void> {
  const sql = `${insertArtifactSql} update set payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
    client = excluded.client, expires_at = excluded.expires_at`;
  await countOf(connection, sql, artifactValues(artifact));
}

/** Whether nothing stood under this key. */
export async function insertArtifact(pool: Pool, artifact: NewArtifact): Promise<boolean> {
  return (await countOf(pool, `${insertArtifactSql} nothing`, artifactValues(artifact))) === 1;
}

/** Whether this call was the first; of two at once, one is. */
export async function consumeArtifact(pool: Pool, { kind, hash }: ArtifactKey, at: Date): Promise<boolean> {
  const sql = `update smart.artifact set consumed_at = $3 where kind = $1 and hash = $2 and consumed_at is null`;
  return (await countOf(pool, sql, [kind, hash, at])) === 1;
}

export const deleteArtifact = (pool: Pool, { kind, hash }: ArtifactKey): Promise<number> =>
  countOf(pool, 'delete from smart.artifact where kind = $1 and hash = $2', [kind, hash]);

/** All tokens and codes of a grant, and the grant itself. */
export async function deleteGrant(connection: Connection, grantId: string, grantHash: Buffer): Promise<void> {
  await countOf(connection, 'delete from smart.authorization where grant_id = $1', [grantId]);
  await countOf(
    connection,
    `delete from smart.artifact where grant_id = $1 and kind <> 'Interaction' or kind = 'Grant' and hash = $2`,
    [grantId, grantHash],
  );
}

export const deleteArtifactsOfGrant = (pool: Pool, kind: string, grantId: string): Promise<number> =>
  countOf(pool, 'delete from smart.artifact where grant_id = $2 and kind = $1', [kind, grantId]);

export interface Authorization {
  grantId: string;
  client: string;
  account: string;
  role: string;
  session: string | null;
  /** `Practitioner/1`, `Patient/1`. */
  reference: string;
  scopes: string[];
  patient: string | null;
  encounter: string | null;
  intent: string | null;
  fhirContext: unknown[] | null;
  expiresAt: Date;
}

const authorizationColumns = `z.grant_id as "grantId", z.client, z.account, z.role, z.session, z.reference, z.scopes,
  z.patient, z.encounter, z.intent, z.fhir_context as "fhirContext", z.expires_at as "expiresAt"`;

export async function insertAuthorization(
  connection: Connection,
  authorization: Authorization,
  at: Date,
): Promise<void> {
  await countOf(
    connection,
    `insert into smart.authorization (grant_id, client, account, role, session, reference, scopes, patient, encounter,
       intent, fhir_context, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      authorization.grantId,
      authorization.client,
      authorization.account,
      authorization.role,
      authorization.session,
      authorization.reference,
      authorization.scopes,
      authorization.patient,
      authorization.encounter,
      authorization.intent,
      authorization.fhirContext && JSON.stringify(authorization.fhirContext),
      at,
      authorization.expiresAt,
    ],
  );
}

export async function findAuthorization(pool: Pool, grantId: string): Promise<Authorization | undefined> {
  const sql = `select ${authorizationColumns} from smart.authorization z where z.grant_id = $1`;
  const [found] = await rowsOf<Authorization>(pool, sql, [grantId]);
  return found;
}

export interface ListedAuthorization {
  id: string;
  client: string;
  name: string;
  scopes: string[];
  patient: string | null;
  grantedAt: Date;
  expiresAt: Date;
  isOffline: boolean;
}

/** What an account has granted, the latest first; at most a hundred, which is said by one more. */
export const listAuthorizations = (pool: Pool, account: string, now: Date): Promise<ListedAuthorization[]> =>
  rowsOf(
    pool,
    `select z.grant_id as id, z.client, c.name, z.scopes, z.patient, z.created_at as "grantedAt",
       z.expires_at as "expiresAt", z.session is null as "isOffline"
     from smart.authorization z join smart.client c on c.id = z.client
     where z.account = $1 and z.expires_at > $2 order by z.created_at desc limit 101`,
    [account, now],
  );

export interface StoredToken {
  kind: 'AccessToken' | 'ClientCredentials' | 'OperatorToken';
  payload: Record<string, unknown>;
  client: string | null;
  clientName: string | null;
  organization: string | null;
  authorization: Authorization | null;
}

type TokenRow = Omit<StoredToken, 'authorization'> & { [Name in keyof Authorization]: Authorization[Name] | null };

/** A token that has not expired and whose grant, where it needs one, still stands. */
export async function findToken(pool: Pool, hash: Buffer, now: Date): Promise<StoredToken | undefined> {
  const { rows } = await pool.query<TokenRow>({
    name: 'smart-find-token',
    text: `
      select a.kind, a.payload, a.client as client, c.name as "clientName", c.organization,
        z.grant_id as "grantId", z.account, z.role, z.session, z.reference, z.scopes, z.patient, z.encounter, z.intent,
        z.fhir_context as "fhirContext", z.expires_at as "expiresAt"
      from smart.artifact a
      left join smart.client c on c.id = a.client
      left join smart.authorization z on z.grant_id = a.grant_id and z.expires_at > $2
      where a.kind in ('AccessToken', 'ClientCredentials', 'OperatorToken') and a.hash = $1 and a.expires_at > $2`,
    values: [hash, now],
  });
  const [row] = rows;
  if (!row) return undefined;
  const { kind, payload, client, clientName, organization } = row;
  const authorization = row.grantId === null ? null : (row as Authorization);
  return { kind, payload, client, clientName, organization, authorization };
}

export interface Launch {
  client: string;
  account: string;
  patient: string | null;
  encounter: string | null;
  intent: string | null;
  fhirContext: unknown[] | null;
}

export async function insertLaunch(pool: Pool, hash: Buffer, launch: Launch, expiresAt: Date): Promise<void> {
  await countOf(
    pool,
    `insert into smart.launch (hash, client, account, patient, encounter, intent, fhir_context, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      hash,
      launch.client,
      launch.account,
      launch.patient,
      launch.encounter,
      launch.intent,
      launch.fhirContext && JSON.stringify(launch.fhirContext),
      expiresAt,
    ],
  );
}

const launchColumns = 'client, account, patient, encounter, intent, fhir_context as "fhirContext"';

export async function findLaunch(pool: Pool, hash: Buffer, now: Date): Promise<Launch | undefined> {
  const sql = `select ${launchColumns} from smart.launch where hash = $1 and expires_at > $2`;
  const [launch] = await rowsOf<Launch>(pool, sql, [hash, now]);
  return launch;
}

/** Whether this call was the one that used it up. */
export async function deleteLaunch(connection: Connection, hash: Buffer): Promise<boolean> {
  return (await countOf(connection, 'delete from smart.launch where hash = $1', [hash])) === 1;
}

export interface StoredKey {
  kid: string;
  sealed: Buffer;
  createdAt: Date;
}

/** The newest first. */
export const listKeys = (connection: Connection): Promise<StoredKey[]> =>
  rowsOf(
    connection,
    'select kid, sealed, created_at as "createdAt" from smart.signing_key order by created_at desc, kid',
    [],
  );

/** Until the transaction ends, no other process makes a key. */
export async function lockKeys(transaction: Transaction): Promise<void> {
  await transaction.query('lock table smart.signing_key in share row exclusive mode');
}

export async function insertKey(transaction: Transaction, { kid, sealed, createdAt }: StoredKey): Promise<void> {
  await countOf(transaction, 'insert into smart.signing_key (kid, sealed, created_at) values ($1, $2, $3)', [
    kid,
    sealed,
    createdAt,
  ]);
}

export const deleteKeysBefore = (connection: Connection, instant: Date): Promise<number> =>
  countOf(connection, 'delete from smart.signing_key where created_at < $1', [instant]);

/** Removes up to a thousand rows of a table that nobody can use any more; returns how many. */
async function deleteExpired(pool: Pool, table: string, key: string, now: Date): Promise<number> {
  return countOf(
    pool,
    `delete from smart.${table} where (${key}) in
       (select ${key} from smart.${table} where expires_at < $1 limit 1000 for update skip locked)`,
    [now],
  );
}

export async function removeExpired(pool: Pool, now: Date): Promise<number> {
  const removed = [
    await deleteExpired(pool, 'artifact', 'kind, hash', now),
    await deleteExpired(pool, 'authorization', 'grant_id', now),
    await deleteExpired(pool, 'launch', 'hash', now),
  ];
  return removed.reduce((sum, count) => sum + count, 0);
}
