import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultOf } from './s3-signature.ts';

export interface S3Server {
  url: string;
  accessKeyId: string;
  secretAccessKey: string;
  objects: Map<string, Buffer>;
  uploads: Map<string, { key: string; parts: Map<number, Buffer> }>;
  /** Answers the next requests with this status. */
  fail(status: number, times: number): void;
  stop(): void;
}

/**
 * The part of S3 that exports use, in memory: it refuses wrong signatures, wrong hashes of bodies, parts that are too small,
 * and lists that do not name the parts. It is written from the documentation, and is no replacement for a real one.
 */
export async function startS3Server({ leastPart = 5 * 1024 * 1024 } = {}): Promise<S3Server> {
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/with+signs' };
  const objects: S3Server['objects'] = new Map();
  const uploads: S3Server['uploads'] = new Map();
  let failing = { status: 0, times: 0 };
  const server = createServer((request, reply) => {
    void readBody(request).then((body) => {
      if (failing.times-- > 0) {
        reply.writeHead(failing.status).end('<Error><Code>SlowDown</Code></Error>');
        return;
      }
      const { method = '', url = '' } = request;
      const fault = faultOf(
        { method, url, headers: request.headers as Record<string, string> },
        body,
        keys.secretAccessKey,
      );
      if (fault) refuse(reply, 403, fault);
      else answer({ objects, uploads, leastPart }, request, body, reply);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bucket/some/prefix`,
    ...keys,
    objects,
    uploads,
    fail(status, times) {
      failing = { status, times };
    },
    stop: () => server.close(),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const refuse = (reply: ServerResponse, status: number, code: string) =>
  reply.writeHead(status).end(`<Error><Code>${code}</Code><Message>no &amp; never</Message></Error>`);

const etagOf = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;

type Stored = Pick<S3Server, 'objects' | 'uploads'> & { leastPart: number };

function answer(
  { objects, uploads, leastPart }: Stored,
  request: IncomingMessage,
  body: Buffer,
  reply: ServerResponse,
): ServerResponse {
  const url = new URL(request.url ?? '', 'http://s3');
  const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
  if (bucket !== 'bucket') return refuse(reply, 404, 'NoSuchBucket');
  const key = rest.join('/');
  const query = url.searchParams;
  const upload = uploads.get(query.get('uploadId') ?? '');
  if (key === '') return list({ objects, uploads, leastPart }, query, reply);
  if (query.has('uploadId') && upload?.key !== key) return refuse(reply, 404, 'NoSuchUpload');
  if (upload) return continueUpload({ objects, uploads, leastPart }, upload, request.method ?? '', query, body, reply);
  if (request.method === 'POST' && query.has('uploads')) {
    const id = `upload-${uploads.size}-${Math.random()}`;
    uploads.set(id, { key, parts: new Map() });
    return reply.end(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
  }
  if (request.method === 'DELETE') {
    objects.delete(key);
    return reply.writeHead(204).end();
  }
  const object = objects.get(key);
  if (!object) return refuse(reply, 404, 'NoSuchKey');
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  if (first === undefined) return reply.writeHead(200, { 'content-length': object.length }).end(object);
  reply.writeHead(206, { 'content-range': `bytes ${first}-${last}/${object.length}` });
  return reply.end(object.subarray(Number(first), Number(last) + 1));
}

function continueUpload(
  { objects, uploads, leastPart }: Stored,
  upload: { key: string; parts: Map<number, Buffer> },
  method: string,
  query: URLSearchParams,
  body: Buffer,
  reply: ServerResponse,
): ServerResponse {
  if (method === 'PUT') {
    upload.parts.set(Number(query.get('partNumber')), body);
    return reply.writeHead(200, { etag: etagOf(body) }).end();
  }
  const id = query.get('uploadId') ?? '';
  if (method === 'DELETE') {
    uploads.delete(id);
    return reply.writeHead(204).end();
  }
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&quot;(\w+)&quot;<\/ETag>/g)];
  const parts = named.map(([, number, etag]) => {
    const part = upload.parts.get(Number(number));
    return part && etagOf(part) === `"${etag}"` ? part : undefined;
  });
  if (parts.length === 0 || parts.includes(undefined)) return refuse(reply, 400, 'InvalidPart');
  const whole = parts as Buffer[];
  if (whole.slice(0, -1).some(({ length }) => length < leastPart)) return refuse(reply, 400, 'EntityTooSmall');
  objects.set(upload.key, Buffer.concat(whole));
  uploads.delete(id);
  return reply.end('<CompleteMultipartUploadResult/>');
}

function list({ objects, uploads }: Stored, query: URLSearchParams, reply: ServerResponse): ServerResponse {
  const prefix = query.get('prefix') ?? '';
  if (query.has('uploads')) {
    const found = [...uploads].filter(([, { key }]) => key.startsWith(prefix));
    const entries = found.map(([id, { key }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`);
    return reply.end(`<ListMultipartUploadsResult>${entries.join('')}</ListMultipartUploadsResult>`);
  }
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).slice(0, 2);
  return reply.end(
    `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`,
  );
}
