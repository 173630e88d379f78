import { hash } from 'node:crypto';

/** A block as it is signed: which events it holds, and which block it follows. */
export interface BlockFacts {
  readonly month: number;
  readonly number: number;
  /** As PostgreSQL prints an int8multirange: `{[1024,1036),[2048,2049)}` */
  readonly numbers: string;
  readonly count: number;
  readonly missing: number;
  readonly lowAt: number;
  readonly highAt: number;
  /** SHA-256 over the lines of its events, in hex. */
  readonly digest: string;
  /** Of the block before, in hex. */
  readonly previous: string;
  readonly sealedAt: number;
}

export interface Block extends BlockFacts {
  readonly hash: string;
  readonly key: string;
  readonly signature: Uint8Array;
}

/** The last block of each month. */
export interface Head {
  readonly month: number;
  readonly number: number;
  readonly hash: string;
}

export interface RootFacts {
  readonly number: number;
  /** `2026-11-25` */
  readonly day: string;
  /** `202611:12:abcd…` by month, separated by spaces. */
  readonly heads: string;
  readonly previous: string;
}

export interface Root extends RootFacts {
  readonly hash: string;
  readonly key: string;
  readonly signature: Uint8Array;
}

/** What the first block of a month, and the first root, follow. */
export const nothingBefore = '0'.repeat(64);

export function hashBlock(block: BlockFacts): Buffer {
  const { month, number, numbers, count, missing, lowAt, highAt, digest, previous, sealedAt } = block;
  const lines = [
    'meridian audit block',
    month,
    number,
    numbers,
    count,
    missing,
    lowAt,
    highAt,
    digest,
    previous,
    sealedAt,
  ];
  return hash('sha256', lines.join('\n'), 'buffer');
}

export function hashRoot({ number, day, heads, previous }: RootFacts): Buffer {
  return hash('sha256', ['meridian audit root', number, day, heads, previous].join('\n'), 'buffer');
}

export const printHeads = (heads: readonly Head[]): string =>
  [...heads]
    .sort((left, right) => left.month - right.month)
    .map(({ month, number, hash }) => `${month}:${number}:${hash}`)
    .join(' ');

export function parseHeads(text: string): Head[] {
  if (text === '') return [];
  return text.split(' ').map((head) => {
    const [month, number, hash = ''] = head.split(':');
    return { month: Number(month), number: Number(number), hash };
  });
}
