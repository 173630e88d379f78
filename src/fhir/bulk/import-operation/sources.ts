import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '#lib/failure.ts';

/**
 * From where files may be imported: addresses under one of these, and no others. Whoever may post an $import could
 * otherwise make this server read any file, or any address that it can reach.
 */
export function allowSource(text: string, prefixes: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['https:', 'http:', 'file:'].includes(url.protocol)) {
    throw new Failure('value', `${text.slice(0, 200)} is no address that can be imported. Use https.`);
  }
  const isPlain = url.username === '' && url.password === '' && !/%2f|%5c|%00|\\/i.test(url.pathname);
  if (isPlain && prefixes.some((prefix) => isBelow(url, prefix))) return url;
  throw new Failure(
    'forbidden',
    `${url.origin === 'null' ? url.protocol : url.origin} is not among the sources that may be imported. MERIDIAN_IMPORT_SOURCES names them.`,
  );
}

function isBelow({ href }: URL, prefix: string): boolean {
  const base = new URL(prefix).href;
  return href.startsWith(base.endsWith('/') ? base : `${base}/`) || href === base;
}

/** The path of a file address, once it is clear that it lies below one of the prefixes, links followed. */
export async function allowFile(url: URL, prefixes: readonly string[]): Promise<string> {
  const path = await realpath(fileURLToPath(url)).catch(() => undefined);
  const isFile = path !== undefined && (await stat(path)).isFile();
  for (const prefix of prefixes.filter((text) => text.startsWith('file:'))) {
    const folder = await realpath(fileURLToPath(prefix)).catch(() => undefined);
    if (isFile && folder !== undefined && (path === folder || path.startsWith(`${folder}${sep}`))) return path;
  }
  throw new Failure('not-found', `There is no file ${url.href} among the sources that may be imported.`);
}

/** Fails unless a text is an address under which imports can be allowed: `https://files.example.org/region/`. */
export function checkPrefix(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAddress = url && ['https:', 'http:', 'file:'].includes(url.protocol) && url.search === '' && url.hash === '';
  if (isAddress && url.username === '' && url.password === '') return url.href;
  throw new Failure('value', `"${text}" is no address of a source, such as https://files.example.org/region/.`);
}
