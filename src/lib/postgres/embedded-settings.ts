import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

/** `durable` survives a power cut; `fast` is for tests, whose data nobody misses. */
export type Durability = 'durable' | 'fast';

const mebibyte = 1024 * 1024;

/** The postgresql.conf settings for a data folder, by durability; sizes follow the memory and the free disk. */
export function embeddedSettings(durability: Durability, dataFolder: string): Record<string, string> {
  const common = {
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    listen_addresses: '127.0.0.1',
    unix_socket_permissions: '0700',
    max_connections: '50',
    jit: 'off',
    random_page_cost: '1.1',
    log_checkpoints: 'off',
    autovacuum_vacuum_scale_factor: '0.02',
    autovacuum_analyze_scale_factor: '0.02',
    autovacuum_vacuum_insert_scale_factor: '0.05',
  };
  return durability === 'durable'
    ? {
        ...common,
        fsync: 'on',
        synchronous_commit: 'on',
        full_page_writes: 'on',
        shared_buffers: megabytes(clamp(memoryBytes() / 4, 128 * mebibyte, 512 * mebibyte)),
        max_wal_size: megabytes(clamp(freeDiskBytes(dataFolder) / 10, 128 * mebibyte, 8192 * mebibyte)),
        checkpoint_timeout: '15min',
        // What a backup that follows has not received yet is kept, but not until the disk is full.
        max_slot_wal_keep_size: megabytes(clamp(freeDiskBytes(dataFolder) / 4, 256 * mebibyte, 16_384 * mebibyte)),
        work_mem: '16MB',
        maintenance_work_mem: '128MB',
      }
    : {
        ...common,
        fsync: 'off',
        synchronous_commit: 'off',
        full_page_writes: 'off',
        wal_level: 'minimal',
        max_wal_senders: '0',
        shared_buffers: '128MB',
        max_wal_size: '1GB',
        max_connections: '100',
      };
}

/** Free bytes for this user on the file system of an existing folder. */
export function freeDiskBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Memory that this process may use: the container's limit where there is one. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / mebibyte)}MB`;
}
