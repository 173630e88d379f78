import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { Failure } from '#lib/failure.ts';
import { type ObjectStorage, requireName } from './storage.ts';

export interface S3Options {
  /** Endpoint, bucket and, if wanted, a prefix: `https://s3.example.org/bucket/exports`. */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

interface Call {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Below the bucket; the bucket itself when absent. */
  key?: string;
  query?: Record<string, string>;
  body?: Uint8Array;
  headers?: Record<string, string>;
  /** Statuses besides 2xx that are an answer, not a failure. */
  accepts?: readonly number[];
}

const attempts = 4;
const callTimeoutMs = 60_000;

/**
 * Files in S3-compatible storage, addressed by path: one multipart upload for each, whose parts carry the hash of their
 * bytes, so that the storage checks them. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export function createS3Storage(options: S3Options): ObjectStorage {
  const bucket = new Bucket(options);
  return {
    async begin(name) {
      const query = { uploads: '' };
      const headers = { 'content-type': 'application/octet-stream' };
      const text = await (await bucket.call({ method: 'POST', key: requireName(name), query, headers })).text();
      const uploadId = textsOf(text, 'UploadId')[0];
      if (!uploadId) throw new Failure('transient', `${bucket.origin} started no multipart upload.`);
      return { name, byteLength: 0, uploadId, parts: [] };
    },

    // A part that the other process may still upload has another ETag than the list names, and is refused in the end.
    resume: async (file) => file,

    async append({ name, byteLength, uploadId = '', parts = [] }, bytes) {
      const query = { partNumber: String(parts.length + 1), uploadId };
      const response = await bucket.call({ method: 'PUT', key: requireName(name), query, body: bytes });
      await response.body?.cancel();
      const etag = response.headers.get('etag');
      if (!etag) throw new Failure('transient', `${bucket.origin} did not confirm a part of ${name}.`);
      return { name, byteLength: byteLength + bytes.byteLength, uploadId, parts: [...parts, etag] };
    },

    async finish({ name, byteLength, uploadId = '', parts = [] }) {
      const list = parts
        .map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`)
        .join('');
      const body = Buffer.from(`<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
      const headers = { 'content-type': 'application/xml' };
      const call = { method: 'POST', key: requireName(name), query: { uploadId }, body, headers } as const;
      const response = await bucket.call({ ...call, accepts: [404] });
      const text = await response.text();
      if (response.ok && !text.includes('<Error>')) return;
      // Completed before, by a process that died before it could say so.
      const head = await bucket.call({ method: 'HEAD', key: name, accepts: [404] });
      if (head.ok && Number(head.headers.get('content-length')) === byteLength) return;
      throw new Failure('transient', `${bucket.origin} did not complete ${name}: ${describe(text)}.`);
    },

    async read(name, range) {
      const headers: Record<string, string> = range ? { range: `bytes=${range.first}-${range.last}` } : {};
      const response = await bucket.call({ method: 'GET', key: requireName(name), headers, accepts: [404] });
      if (response.status === 404 || !response.body) {
        await response.body?.cancel();
        return undefined;
      }
      const whole = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
      return { byteLength: Number(whole ?? response.headers.get('content-length')), bytes: response.body };
    },

    async removeFolder(name) {
      const prefix = bucket.keyOf(`${requireName(name)}/`);
      await removeObjects(bucket, prefix);
      await abortUploads(bucket, prefix);
    },
  };
}

async function removeObjects(bucket: Bucket, prefix: string): Promise<void> {
  for (;;) {
    const query = { 'list-type': '2', prefix, 'max-keys': '1000' };
    const keys = textsOf(await (await bucket.call({ method: 'GET', query })).text(), 'Key');
    for (const key of keys) await bucket.discard({ method: 'DELETE', key: bucket.nameOf(key), accepts: [404] });
    if (keys.length === 0) return;
  }
}

async function abortUploads(bucket: Bucket, prefix: string): Promise<void> {
  for (;;) {
    const query = { uploads: '', prefix };
    // Storage that cannot list them has to remove unfinished uploads by a rule of its own.
    const text = await (await bucket.call({ method: 'GET', query, accepts: [501] })).text();
    const uploads = [...text.matchAll(/<Upload>.*?<\/Upload>/gs)].map(([upload]) => ({
      key: textsOf(upload, 'Key')[0] ?? '',
      uploadId: textsOf(upload, 'UploadId')[0] ?? '',
    }));
    for (const { key, uploadId } of uploads) {
      await bucket.discard({ method: 'DELETE', key: bucket.nameOf(key), query: { uploadId }, accepts: [404] });
    }
    if (uploads.length === 0) return;
  }
}

class Bucket {
  readonly origin: string;
  readonly #base: string;
  readonly #prefix: string;
  readonly #client: AwsClient;

  constructor({ url, region, accessKeyId, secretAccessKey }: S3Options) {
    const { origin, pathname } = new URL(url);
    const [bucket = '', ...folders] = pathname.split('/').filter((part) => part !== '');
    this.origin = origin;
    this.#base = `${origin}/${bucket}`;
    this.#prefix = folders.map((folder) => `${folder}/`).join('');
    // Its own retries cannot see why a call failed.
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  }

  keyOf(name: string): string {
    return `${this.#prefix}${name}`;
  }

  nameOf(key: string): string {
    return key.slice(this.#prefix.length);
  }

  async discard(call: Call): Promise<void> {
    const response = await this.call(call);
    await response.body?.cancel();
  }

  /** Tries again when the storage is busy or not there; fails in words otherwise. */
  async call(call: Call): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.#send(call).catch((error: Error) => error);
      const status = response instanceof Error ? 0 : response.status;
      if (response instanceof Response && (response.ok || call.accepts?.includes(status))) return response;
      const reason = response instanceof Error ? response.message : describe(await response.text());
      const mayPass = status === 0 || status === 429 || status >= 500;
      if (!mayPass || attempt === attempts) {
        throw new Failure(
          'transient',
          `The storage at ${this.#base} refused ${call.method}: ${reason} (${status}). Check its settings.`,
        );
      }
      await sleep(100 * 4 ** attempt * Math.random());
    }
  }

  async #send({ method, key, query = {}, body, headers = {} }: Call): Promise<Response> {
    const url = new URL(key === undefined ? this.#base : `${this.#base}/${this.keyOf(key)}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    // Ends the wait for an answer, not the reading of what it brings: that may take as long as the reader likes.
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error('no answer in time')), callTimeoutMs);
    try {
      return await this.#client.fetch(url.href, {
        method,
        headers: { ...headers, 'x-amz-content-sha256': hash },
        signal: silence.signal,
        ...(body && { body: body as Uint8Array<ArrayBuffer> }),
      });
    } finally {
      clearTimeout(timer);
    }
  }
}

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" };

/** What stands in the elements of this name. Answers of S3 are flat enough for that. */
function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) =>
    text.replaceAll(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity),
  );
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const describe = (xml: string): string =>
  [textsOf(xml, 'Code')[0], textsOf(xml, 'Message')[0]].filter(Boolean).join(': ') || xml.slice(0, 200) || 'no reason';
