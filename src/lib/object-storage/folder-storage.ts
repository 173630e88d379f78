import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import { type ObjectStorage, requireName, type UnfinishedFile } from './storage.ts';

/**
 * Files in a folder of this machine, or one that all server processes share. A file has a name with `.part` until it is
 * finished; only its owner may look into it.
 */
export function createFolderStorage(folder: string): ObjectStorage {
  const pathOf = (name: string) => join(folder, requireName(name));
  const partOf = ({ name, part = '' }: UnfinishedFile) => `${pathOf(name)}.part-${requireName(part)}`;
  return {
    async begin(name) {
      await mkdir(dirname(pathOf(name)), { recursive: true, mode: 0o700 });
      const file = { name, byteLength: 0, part: randomUUID() };
      const handle = await open(partOf(file), 'wx', 0o600);
      await handle.close();
      return file;
    },

    resume: (file) =>
      sayWhenFull(folder, async () => {
        // A copy, since the other process may still have the file open.
        const own = { ...file, part: randomUUID() };
        await copyFile(partOf(file), partOf(own), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        await cut(partOf(own), file.byteLength);
        await rm(partOf(file), { force: true });
        return own;
      }),

    append: (file, bytes) =>
      sayWhenFull(folder, async () => {
        const { byteLength } = file;
        const handle = await open(partOf(file), 'r+');
        try {
          await cutOpen(handle, byteLength);
          await writeAll(handle, bytes, byteLength);
          await handle.datasync();
        } finally {
          await handle.close();
        }
        return { ...file, byteLength: byteLength + bytes.byteLength };
      }),

    async finish(file) {
      const isThere = (path: string) => stat(path).then(({ size }) => size >= file.byteLength, ignoreMissing);
      // Whoever died between the renaming and saying so left nothing to be done.
      if (!(await isThere(partOf(file))) && (await isThere(pathOf(file.name)))) return;
      await cut(partOf(file), file.byteLength);
      await rename(partOf(file), pathOf(file.name));
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

async function cut(path: string, byteLength: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await cutOpen(handle, byteLength);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function cutOpen(handle: FileHandle, byteLength: number): Promise<void> {
  const { size } = await handle.stat();
  if (size < byteLength) throw new Error(`A file of ${byteLength} bytes has lost ${byteLength - size} of them`);
  if (size > byteLength) await handle.truncate(byteLength);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
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
