import { gunzipSync } from 'node:zlib';

const blockBytes = 512;

/** The regular files of a gzipped tar archive by name (ustar; names up to 255 characters). */
export function readTar(gzipped: Buffer): Map<string, Buffer> {
  const archive = gunzipSync(gzipped);
  const files = new Map<string, Buffer>();
  for (let at = 0; at + blockBytes <= archive.length; ) {
    const field = (start: number, length: number) =>
      archive.toString('utf8', at + start, at + start + length).replace(/\0.*$/s, '');
    const name = field(0, 100);
    if (name === '') break;
    const prefix = field(257, 5) === 'ustar' ? field(345, 155) : '';
    const byteLength = Number.parseInt(field(124, 12).trim(), 8) || 0;
    const content = archive.subarray(at + blockBytes, at + blockBytes + byteLength);
    if ('0\0'.includes(field(156, 1) || '0')) files.set(prefix ? `${prefix}/${name}` : name, content);
    at += blockBytes + Math.ceil(byteLength / blockBytes) * blockBytes;
  }
  return files;
}
