import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import { type ObjectStorage, requireName } from './storage.ts';

/**
 * Files in a folder of this machine, or one that all server processes share. A file has the suffix `.part` until it is
 * finished; only its owner may look into it.
 */
export function createFolderStorage(folder: string): ObjectStorage {
  const pathOf = (name: string) => join(folder, requireName(name));
  const partOf = (name: string) => `${pathOf(name)}.part`;
  return {
    async begin(name) {
      await mkdir(dirname(pathOf(name)), { recursive: true, mode: 0o700 });
      const handle = await open(partOf(name), 'w', 0o600);
      await handle.close();
      return { name, byteLength: 0 };
    },

    append: ({ name, byteLength }, bytes) =>
      sayWhenFull(folder, async () => {
        const handle = await open(partOf(name), 'r+');
        try {
          const { size } = await handle.stat();
          if (size < byteLength) throw new Failure('exception', `${partOf(name)} is shorter than it was.`);
          await handle.truncate(byteLength);
          await writeAll(handle, bytes, byteLength);
          await handle.datasync();
        } finally {
          await handle.close();
        }
        return { name, byteLength: byteLength + bytes.byteLength };
      }),

    async finish({ name, byteLength }) {
      const found = await stat(partOf(name)).catch(() => undefined);
      // Whoever died between the renaming and saying so left nothing to be done.
      if (found === undefined && (await stat(pathOf(name)).catch(() => undefined))?.size === byteLength) return;
      const handle = await open(partOf(name), 'r+');
      try {
        await handle.truncate(byteLength);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(partOf(name), pathOf(name));
    },

    async read(name, range) {
      const found = await stat(pathOf(name)).catch(ignoreMissing);
      if (!found?.isFile()) return undefined;
      const { size } = found;
      const limits = range ? { start: range.first, end: range.last } : {};
      return { byteLength: size, bytes: createReadStream(pathOf(name), { ...limits, highWaterMark: 256 * 1024 }) };
    },

    async removeFolder(name) {
      await rm(pathOf(name), { recursive: true, force: true });
    },
  };
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.byteLength - written, position + written);
    written += bytesWritten;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

async function sayWhenFull<Result>(folder: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new Failure('no-store', `The disk of ${folder} is full. Free space there; the work goes on by itself.`);
  }
}
