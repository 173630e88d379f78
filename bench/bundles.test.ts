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
      const lines = [2, 3, 4].map((length) =>
        JSON.stringify({
          resourceType: 'Bundle',
          entry: Array(length).fill({ resource: { resourceType: 'Patient', id: 'a' } }),
        }),
      );
      writeFileSync(join(folder, 'a.ndjson.gz'), gzipSync(`${lines[0]}\n${lines[1]}\n`));
      writeFileSync(join(folder, 'b.ndjson.gz'), gzipSync(`${lines[2]}\n`));
      const all = await Array.fromAsync(takeResources(findData(folder), undefined));
      expect(all.map(({ resources }) => resources)).toEqual([2, 3, 4]);
      expect(all[0]?.names).toEqual(['Patient/a', 'Patient/a']);
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
