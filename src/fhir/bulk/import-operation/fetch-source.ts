import { createWriteStream } from 'node:fs';
import { rename, stat, utimes } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Failure } from '#lib/failure.ts';
import { allowSource } from './sources.ts';

const mostRedirects = 5;
const answerTimeoutMs = 60_000;
const longestFile = 256 * 1024 ** 3;

export interface FetchOptions {
  prefixes: readonly string[];
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/** Brings a file in, unless it is there already. Its time is the same each time, so that an import of it can go on. */
export async function fetchSource(url: string, path: string, options: FetchOptions): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there) return options.onBytes(there.size);
  const response = await open(allowSource(url, options.prefixes), options);
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream),
    countBytes(url, options.onBytes),
    createWriteStream(`${path}.part`, { mode: 0o600 }),
    { signal: options.signal },
  ).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof Failure || options.signal.aborted) throw error;
    const code = error.code === 'ENOSPC' ? 'no-store' : 'transient';
    throw new Failure(code, `${url} could not be brought in: ${error.message}.`);
  });
  await utimes(`${path}.part`, 0, 0);
  await rename(`${path}.part`, path);
}

/** The text of a small document. */
export async function fetchText(url: string, options: FetchOptions, longest: number): Promise<string> {
  const response = await open(allowSource(url, options.prefixes), options);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    length += chunk.byteLength;
    if (length > longest) throw new Failure('too-long', `${url} has more than ${longest} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Redirects are followed by hand: each address must be allowed. */
async function open(first: URL, { prefixes, signal }: FetchOptions): Promise<Response> {
  let url = first;
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const response = await ask(url, signal);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location) {
      await response.body?.cancel();
      url = allowSource(new URL(location, url).href, prefixes);
      continue;
    }
    if (response.ok && response.body) return response;
    await response.body?.cancel();
    const mayPass = response.status >= 500 || response.status === 429;
    throw new Failure(mayPass ? 'transient' : 'not-found', `${url.href} answered ${response.status}.`);
  }
  throw new Failure('too-costly', `${first.href} leads on more than ${mostRedirects} times.`);
}

async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), answerTimeoutMs);
  try {
    const headers = { accept: 'application/fhir+ndjson, application/json;q=0.5, */*;q=0.1' };
    return await fetch(url, { redirect: 'manual', headers, signal: AbortSignal.any([signal, silence.signal]) });
  } catch (error) {
    signal.throwIfAborted();
    const { cause, message } = error as Error & { cause?: { message?: string } };
    throw new Failure('transient', `${url.href} does not answer: ${cause?.message ?? message}.`);
  } finally {
    clearTimeout(timer);
  }
}

function countBytes(url: string, onBytes: (bytes: number) => void): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      length += chunk.byteLength;
      onBytes(length);
      if (length <= longestFile) done(null, chunk);
      else done(new Failure('too-long', `${url} has more than ${longestFile} bytes. Split it.`));
    },
  });
}
