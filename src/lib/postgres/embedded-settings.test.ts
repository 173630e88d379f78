import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { embeddedSettings, freeDiskBytes } from './embedded-settings.ts';

const mebibyte = 1024 * 1024;
const folder = import.meta.dirname;

it('keeps every commit when durable, and none of that cost when fast', () => {
  const safety = ['fsync', 'synchronous_commit', 'full_page_writes'];
  const durable = embeddedSettings('durable', folder);
  const fast = embeddedSettings('fast', folder);
  expect(safety.map((name) => durable[name])).toEqual(['on', 'on', 'on']);
  expect(safety.map((name) => fast[name])).toEqual(['off', 'off', 'off']);
});

it('listens on the loopback alone, whichever it is', () => {
  for (const durability of ['durable', 'fast'] as const) {
    expect(embeddedSettings(durability, folder)).toMatchObject({
      listen_addresses: '127.0.0.1',
      unix_socket_permissions: '0700',
    });
  }
});

it('takes a quarter of the memory for pages, between 128 and 512 MB', () => {
  const pages = Number.parseInt(embeddedSettings('durable', folder).shared_buffers ?? '', 10);
  expect(pages).toBeGreaterThanOrEqual(128);
  expect(pages).toBeLessThanOrEqual(Math.max(128, Math.min(512, totalmem() / 4 / mebibyte)));
});

it('lets the log of changes grow to a tenth of the free disk, between 128 MB and 8 GB', () => {
  const log = Number.parseInt(embeddedSettings('durable', folder).max_wal_size ?? '', 10);
  const tenth = freeDiskBytes(folder) / 10 / mebibyte;
  expect(log).toBeGreaterThanOrEqual(128);
  expect(log).toBeLessThanOrEqual(8192);
  if (tenth > 128 && tenth < 8000) expect(Math.abs(log - tenth)).toBeLessThan(100);
});
