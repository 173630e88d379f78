import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findData, takeResources } from './bundles.ts';

describe('the data of a benchmark', () => {
  it('are the Bundles of a folder, line by line, until there are enough resources', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'meridian-bundles-'));
    try {
      const id = 'ef58ea08-d883-3957-8300-150554edc8fb';
      const lines = [2, 3, 4].map((length) =>
        JSON.stringify({
          resourceType: 'Bundle',
          entry: Array(length).fill({ resource: { resourceType: 'Patient', id } }),
        }),
      );
      writeFileSync(join(folder, 'a.ndjson.gz'), gzipSync(`${lines[0]}\n${lines[1]}\n`));
      writeFileSync(join(folder, 'b.ndjson.gz'), gzipSync(`${lines[2]}\n`));
      const all = await Array.fromAsync(takeResources(findData(folder), 9));
      expect(all.map(({ resources }) => resources)).toEqual([2, 3, 4]);
      expect(all[0]?.names).toEqual([`Patient/${id}`, `Patient/${id}`]);
      const twice = await Array.fromAsync(takeResources(findData(folder), 10));
      expect(twice.slice(0, 3)).toEqual(all);
      expect(twice[3]?.names).toEqual(Array(2).fill('Patient/716f93b9-d883-3957-8300-150554edc8fb'));
      expect(twice[3]?.text).toContain('"id":"716f93b9-d883-3957-8300-150554edc8fb"');
      expect(await Array.fromAsync(takeResources(findData(folder), 3))).toEqual(all.slice(0, 2));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are generated where there is no folder, and say so', async () => {
    const data = findData(undefined);
    expect(data.name).toContain('generated region');
    const [first] = await Array.fromAsync(takeResources(data, 100));
    expect(first?.resources).toBe(100);
    expect(JSON.parse(first?.text ?? '')).toMatchObject({ type: 'transaction', entry: { length: 100 } });
  });
});
