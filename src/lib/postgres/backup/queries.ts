import type pg from 'pg';
import { runReplication } from './replication.ts';

export interface ReplicationSource {
  systemIdentifier: string;
  timeline: number;
  segmentBytes: number;
}

/** Who answers on a replication connection. */
export async function identifySystem(client: pg.Client): Promise<ReplicationSource> {
  const [system] = await runReplication(client, 'IDENTIFY_SYSTEM');
  const [size] = await runReplication(client, 'SHOW wal_segment_size');
  const [, number = '16', unit = 'MB'] = /^(\d+)(kB|MB|GB)$/.exec(size?.[0] ?? '') ?? [];
  const bytes = Number(number) * { kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }[unit as 'kB' | 'MB' | 'GB'];
  return { systemIdentifier: system?.[0] ?? '', timeline: Number(system?.[1]), segmentBytes: bytes };
}

/** The position from which a slot still keeps the log; undefined when there is no such slot, or it has lost it. */
export async function readSlot(client: pg.Client, slot: string): Promise<string | undefined> {
  const [row] = await runReplication(client, `READ_REPLICATION_SLOT ${slot}`);
  return row?.[1] ?? undefined;
}

export async function createSlot(client: pg.Client, slot: string): Promise<void> {
  await runReplication(client, `CREATE_REPLICATION_SLOT ${slot} PHYSICAL (RESERVE_WAL)`);
}

export async function dropSlot(client: pg.Client, slot: string): Promise<void> {
  await runReplication(client, `DROP_REPLICATION_SLOT ${slot}`).catch((error: { code?: string }) => {
    if (error.code !== '42704') throw error;
  });
}
