import { appendFileSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '#testing/s3-server.ts';
import { signatureOf } from '#testing/s3-signature.ts';
import { createFolderStorage, createS3Storage, leastPiece, type ObjectStorage } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-storage-'));
let s3: S3Server;

beforeAll(async () => {
  s3 = await startS3Server();
});

afterAll(() => {
  s3.stop();
  rmSync(folder, { recursive: true, force: true });
});

const storages: Record<string, () => ObjectStorage> = {
  'a folder': () => createFolderStorage(folder),
  S3: () => createS3Storage({ ...s3, region: 'eu-central-1' }),
};

const bytesOf = (length: number, value: number) => Buffer.alloc(length, value);

async function contentOf(storage: ObjectStorage, name: string, range?: { first: number; last: number }) {
  const file = await storage.read(name, range);
  if (!file) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.bytes) chunks.push(chunk);
  return { byteLength: file.byteLength, bytes: Buffer.concat(chunks) };
}

describe.each(Object.entries(storages))('%s', (kind, create) => {
  test('keeps what was written in pieces, and gives it back whole or in ranges', async () => {
    const storage = create();
    let file = await storage.begin('one/a.1.ndjson');
    file = await storage.append(file, bytesOf(leastPiece, 1));
    expect(await storage.read('one/a.1.ndjson')).toBeUndefined();
    file = await storage.append(JSON.parse(JSON.stringify(file)), bytesOf(10, 2));
    expect(file.byteLength).toBe(leastPiece + 10);
    await storage.finish(file);
    await storage.finish(file);
    const whole = Buffer.concat([bytesOf(leastPiece, 1), bytesOf(10, 2)]);
    expect((await contentOf(storage, 'one/a.1.ndjson'))?.bytes.equals(whole)).toBe(true);
    const range = { first: leastPiece - 2, last: leastPiece + 1 };
    expect(await contentOf(storage, 'one/a.1.ndjson', range)).toEqual({
      byteLength: whole.length,
      bytes: Buffer.from([1, 1, 2, 2]),
    });
  });

  test('forgets what a process wrote that died before it could say so', async () => {
    const storage = create();
    let file = await storage.begin('two/a');
    file = await storage.append(file, bytesOf(leastPiece, 1));
    await storage.append(file, bytesOf(leastPiece, 7));
    file = await storage.append(file, bytesOf(3, 2));
    await storage.finish(file);
    const found = await contentOf(storage, 'two/a');
    expect([found?.byteLength, found?.bytes.at(-4), found?.bytes.at(-3)]).toEqual([leastPiece + 3, 1, 2]);
  });

  test('removes a folder with all that is in it, finished or not, and no other', async () => {
    const storage = create();
    const finish = async (name: string) =>
      storage.finish(await storage.append(await storage.begin(name), bytesOf(1, 1)));
    for (const name of ['three/a', 'three/b', 'three/c', 'threefold/a']) await finish(name);
    await storage.append(await storage.begin('three/d'), bytesOf(1, 1));
    await storage.removeFolder('three');
    await storage.removeFolder('three');
    expect(await storage.read('three/a')).toBeUndefined();
    expect((await contentOf(storage, 'threefold/a'))?.byteLength).toBe(1);
    if (kind === 'S3') {
      expect([...s3.objects.keys()].filter((key) => key.includes('three/'))).toEqual([]);
      expect([...s3.uploads.values()].filter(({ key }) => key.includes('three/'))).toEqual([]);
    } else expect(readdirSync(folder)).not.toContain('three');
  });

  test.each(['../a', 'a/../b', '/a', 'a//b', '.a', 'a\u0000', ''])('takes no name like %j', async (name) => {
    await expect((async () => create().read(name))()).rejects.toThrow('no name');
    await expect((async () => create().begin(name))()).rejects.toThrow('no name');
    await expect(create().removeFolder(name)).rejects.toThrow('no name');
  });

  test('lets go of a file that is not read to its end', async () => {
    const storage = create();
    let file = await storage.append(await storage.begin('four/a'), bytesOf(leastPiece, 1));
    file = await storage.append(file, bytesOf(leastPiece, 1));
    await storage.finish(file);
    for await (const chunk of (await storage.read('four/a'))?.bytes ?? []) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }
    await storage.removeFolder('four');
  });
});

test('a folder shows its files to nobody else, and says when one was cut', async () => {
  const storage = createFolderStorage(join(folder, 'new'));
  const file = await storage.append(await storage.begin('x/a'), bytesOf(10, 1));
  const path = join(folder, 'new/x', readdirSync(join(folder, 'new/x'))[0] ?? '');
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(statSync(join(folder, 'new/x')).mode & 0o077).toBe(0);
  await expect(storage.append({ ...file, byteLength: 11 }, bytesOf(1, 1))).rejects.toThrow('lost 1');
  await expect(storage.finish({ ...file, byteLength: 11 })).rejects.toThrow('lost 1');
  appendFileSync(path, 'torn');
  await storage.finish(file);
  expect((await contentOf(storage, 'x/a'))?.byteLength).toBe(10);
});

test('a process that was only slow cannot spoil a file in a folder that another goes on with', async () => {
  const storage = createFolderStorage(folder);
  const old = await storage.append(await storage.begin('slow/a'), bytesOf(10, 1));
  await storage.append(old, bytesOf(10, 7));
  const path = join(folder, 'slow', readdirSync(join(folder, 'slow'))[0] ?? '');
  const stillOpen = openSync(path, 'r+');
  const own = await storage.append(await storage.resume(old), bytesOf(5, 2));
  writeSync(stillOpen, bytesOf(30, 9), 0, 30, 0);
  await expect(storage.append(old, bytesOf(10, 8))).rejects.toThrow('ENOENT');
  await expect(storage.finish(old)).rejects.toThrow('ENOENT');
  await storage.finish(own);
  expect((await contentOf(storage, 'slow/a'))?.bytes).toEqual(Buffer.concat([bytesOf(10, 1), bytesOf(5, 2)]));
  expect(readdirSync(join(folder, 'slow'))).toEqual(['a']);
});

describe('S3', () => {
  test('that is busy is asked again, and one that refuses is quoted', async () => {
    s3.fail(503, 2);
    const storage = createS3Storage({ ...s3, region: 'eu-central-1' });
    await storage.finish(await storage.append(await storage.begin('busy/a'), bytesOf(1, 1)));
    expect((await contentOf(storage, 'busy/a'))?.byteLength).toBe(1);
    const stranger = createS3Storage({ ...s3, secretAccessKey: 'wrong', region: 'eu-central-1' });
    await expect(stranger.begin('busy/b')).rejects.toThrow('SignatureDoesNotMatch: no & never (403)');
  });

  test('notices a part that a slow process uploads after another has gone on', async () => {
    const storage = createS3Storage({ ...s3, region: 'eu-central-1' });
    const old = await storage.begin('slow/b');
    const own = await storage.append(await storage.resume(old), bytesOf(10, 1));
    await storage.append(old, bytesOf(10, 2));
    await expect(storage.finish(own)).rejects.toThrow('InvalidPart');
  });

  test('takes no small piece in the middle, so that a wrong size of pieces is noticed', async () => {
    const storage = createS3Storage({ ...s3, region: 'eu-central-1' });
    let file = await storage.append(await storage.begin('small/a'), bytesOf(10, 1));
    file = await storage.append(file, bytesOf(10, 1));
    await expect(storage.finish(file)).rejects.toThrow('EntityTooSmall');
  });

  test('our reading of its signatures agrees with the example in its documentation', () => {
    const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': hash,
      'x-amz-date': '20130524T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=',
    };
    const request = { method: 'GET', url: '/test.txt', headers };
    expect(signatureOf(request, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });
});
