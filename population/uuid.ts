import { hash } from 'node:crypto';

/** The UUID of a path within a region: name-based like version 5 (RFC 9562), so the same path is the same resource. */
export function uuidOf(seed: number, path: string): string {
  const digest = hash('sha1', `meridian.health/${seed}/${path}`);
  const variant = '89ab'[Number.parseInt(digest.charAt(16), 16) & 3];
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
