import { pipeline } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { Failure } from '#lib/failure.ts';
import type { ByteRange, ObjectStorage } from '#lib/object-storage/index.ts';
import type { Answer } from '../rest/answer.ts';
import type { OperationRequest } from '../rest/operation.ts';

const contentType = 'application/fhir+ndjson';

/** A stored file as an answer: whole, a range of it (RFC 9110, section 14), or gzipped. */
export async function serveFile(
  storage: ObjectStorage,
  name: string,
  byteLength: number,
  request: Pick<OperationRequest, 'header'>,
): Promise<Answer> {
  const range = parseRange(request.header('range'), byteLength);
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { 'content-range': `bytes */${byteLength}` } };
  }
  const file = await storage.read(name, range);
  if (!file) throw new Failure('not-found', 'The file is not there any more.');
  const headers = { 'accept-ranges': 'bytes', vary: 'accept-encoding' };
  if (range) {
    const { first, last } = range;
    const extent = { 'content-range': `bytes ${first}-${last}/${byteLength}`, 'content-length': `${last - first + 1}` };
    return { status: 206, contentType, headers: { ...headers, ...extent }, body: file.bytes };
  }
  if (!takesGzip(request.header('accept-encoding'))) {
    return { status: 200, contentType, headers: { ...headers, 'content-length': `${byteLength}` }, body: file.bytes };
  }
  // Whoever stops reading destroys the gzip stream, and that the source.
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  pipeline(file.bytes, gzip, () => {});
  return { status: 200, contentType, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzip };
}

/** One range of bytes; several, or what is none, count as not asked for, as the RFC allows. */
export function parseRange(header: string | undefined, byteLength: number): ByteRange | 'unsatisfiable' | undefined {
  const [, start = '', end = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (start === '' && end === '') return undefined;
  const first = start === '' ? Math.max(0, byteLength - Number(end)) : Number(start);
  const last = start === '' || end === '' ? byteLength - 1 : Math.min(Number(end), byteLength - 1);
  if (first >= byteLength || (start === '' && Number(end) === 0)) return 'unsatisfiable';
  return first > last ? undefined : { first, last };
}

const takesGzip = (header = ''): boolean =>
  header.split(',').some((part) => {
    const [coding = '', ...settings] = part.split(';').map((text) => text.trim().toLowerCase());
    return (coding === 'gzip' || coding === '*') && !settings.some((setting) => /^q=0(?:\.0*)?$/.test(setting));
  });
