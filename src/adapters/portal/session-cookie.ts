import { createHmac, timingSafeEqual } from 'node:crypto';

const cookieName = 'meridian-session';
const lifetimeSeconds = 12 * 60 * 60;

/** The cookie that says who is signed in: person, expiry (seconds since 1970) and their HMAC-SHA256, all in clear. */
export function printSessionCookie(personId: string, key: Uint8Array, now: Date, isSecure: boolean): string {
  const expires = Math.floor(now.getTime() / 1000) + lifetimeSeconds;
  const claim = `${escapePersonId(personId)}.${expires}`;
  return cookie(`${claim}.${sign(claim, key)}`, lifetimeSeconds, isSecure);
}

/** The cookie that ends a session. */
export function printEndedCookie(isSecure: boolean): string {
  return cookie('', 0, isSecure);
}

/** The person whom a Cookie header names, if its signature is ours and it has not expired. */
export function parseSessionCookie(header: string | undefined, key: Uint8Array, now: Date): string | undefined {
  const value = header
    ?.split(/;\s*/)
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);
  const match = /^(?<claim>(?<person>[^.]+)\.(?<expires>\d{1,12}))\.(?<signature>[\w-]{43})$/.exec(value ?? '');
  if (!match?.groups) return undefined;
  const { claim = '', person = '', expires = '', signature = '' } = match.groups;
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(sign(claim, key)))) return undefined;
  return Number(expires) * 1000 > now.getTime() ? decodeURIComponent(person) : undefined;
}

function sign(claim: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(claim).digest('base64url');
}

// Dots part the fields, so an id may not bring its own.
function escapePersonId(id: string): string {
  return encodeURIComponent(id).replaceAll('.', '%2E');
}

function cookie(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  const secure = isSecure ? '; Secure' : '';
  return `${cookieName}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;
}
