import { type CodeClaims, type ReadCode, readCode } from './code.ts';
import type { Refusal } from './refusal.ts';
import { isSignedBy, keyIdOf, type PublicJwk } from './signature.ts';

/** What an issuer publishes at /.well-known/meridian-health-code-keys */
export interface KeyDocument {
  readonly issuer: string;
  /** As it stands in codes: 8 hexadecimal digits. */
  readonly issuerId: string;
  readonly validSeconds: number;
  readonly toleranceSeconds: number;
  readonly keys: readonly PublishedKey[];
}

export interface PublishedKey extends PublicJwk {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  /** Seconds since 1970 UTC. */
  readonly nbf: number;
}

/** Which codes a receiver has taken. */
export interface ReplayMemory {
  /** False when it was there already. */
  add(handle: string, forgetAt: number): boolean;
}

export type Verdict =
  | { readonly isTaken: true; readonly claims: CodeClaims }
  | { readonly isTaken: false; readonly reason: Refusal; readonly claims?: CodeClaims };

const refuse = (reason: Refusal, claims?: CodeClaims): Verdict => ({
  isTaken: false,
  reason,
  ...(claims && { claims }),
});

/** In memory, for as long as a code could be shown again. */
export function createReplayMemory(now: () => number): ReplayMemory {
  const taken = new Map<string, number>();
  return {
    add: (handle, forgetAt) => {
      for (const [old, until] of taken) {
        if (until > now()) break;
        taken.delete(old);
      }
      if ((taken.get(handle) ?? 0) > now()) return false;
      taken.set(handle, forgetAt);
      return true;
    },
  };
}

/** Who made it and whether it is true, whenever it was made. */
export function verifySignature(text: string, { issuerId, keys }: Pick<KeyDocument, 'issuerId' | 'keys'>): Verdict {
  let code: ReadCode;
  try {
    code = readCode(text);
  } catch {
    return refuse('unreadable');
  }
  const { claims, signed, signature } = code;
  if (claims.issuer !== issuerId) return refuse('wrong-issuer', claims);
  const key = keys.find(({ kid }) => kid === claims.keyId);
  if (!key || keyIdOf(key) !== claims.keyId) return refuse('unknown-key', claims);
  if (!isSignedBy(key, signed, signature)) return refuse('forged', claims);
  return { isTaken: true, claims };
}

/** Seconds that a code may be old or ahead. */
export function checkTime(
  { issuedAt }: Pick<CodeClaims, 'issuedAt'>,
  now: number,
  toleranceSeconds: number,
): Refusal | undefined {
  if (issuedAt * 1000 < now - toleranceSeconds * 1000) return 'expired';
  return issuedAt * 1000 > now + toleranceSeconds * 1000 ? 'not-yet' : undefined;
}

/**
 * Without a network: whether to take a code that a phone shows, by the keys that the issuer published. Keep what was taken,
 * and send it in later (`POST /api/health-code/sync`); only then is it known whose it was and whether others had it, too.
 */
export function verifyOffline(
  text: string,
  document: KeyDocument,
  { now, memory }: { readonly now: number; readonly memory: ReplayMemory },
): Verdict {
  const verdict = verifySignature(text, document);
  if (!verdict.isTaken) return verdict;
  const { claims } = verdict;
  if (claims.kind === 'paper') return refuse('needs-network', claims);
  const reason = checkTime(claims, now, document.toleranceSeconds);
  if (reason) return refuse(reason, claims);
  const forgetAt = (claims.issuedAt + 2 * document.toleranceSeconds) * 1000;
  return memory.add(claims.handle, forgetAt) ? verdict : refuse('replayed', claims);
}
