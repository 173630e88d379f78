import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '#lib/failure.ts';

interface ManifestFile {
  Path?: string;
  /** A name that is not UTF-8, in hexadecimal. */
  'Encoded-Path'?: string;
  Size: number;
  Checksum: string;
}

/**
 * Compares unpacked files with the manifest that PostgreSQL wrote while it copied them; fails with `invalid` at the
 * first difference. https://www.postgresql.org/docs/18/backup-manifest-format.html
 */
export async function verifyFiles(manifestPath: string, folder: string): Promise<void> {
  const text = readFileSync(manifestPath, 'utf8');
  const { Files: files, 'Manifest-Checksum': checksum } = JSON.parse(text) as {
    Files: ManifestFile[];
    'Manifest-Checksum': string;
  };
  const covered = text.slice(0, text.lastIndexOf('"Manifest-Checksum"'));
  if (createHash('sha256').update(covered).digest('hex') !== checksum) throw damaged('its manifest was changed');
  for (const file of files) {
    const path = file.Path ?? Buffer.from(file['Encoded-Path'] ?? '', 'hex').toString('latin1');
    const { bytes, digest } = await digestOf(join(folder, path), path);
    if (bytes !== file.Size || digest !== file.Checksum) throw damaged(`${path} differs from what was backed up`);
  }
}

async function digestOf(file: string, path: string): Promise<{ bytes: number; digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        hash.update(chunk);
      }
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged(`${path} is missing`);
    throw error;
  }
  return { bytes, digest: hash.digest('hex') };
}

function damaged(what: string): Failure {
  return new Failure('invalid', `The backup is damaged: ${what}. Restore an earlier one.`);
}
