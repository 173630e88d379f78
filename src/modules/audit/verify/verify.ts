import type { Transaction } from '#lib/postgres/pool.ts';
import { rangeOfMonth } from '../event.ts';
import { type AuditKey, isSignedBy } from '../keys.ts';
import type { Anchor } from '../seal/anchor.ts';
import { type Block, hashBlock, hashRoot, nothingBefore, parseHeads } from '../seal/block.ts';
import { type Finding, Findings } from './findings.ts';
import {
  type NumberRange,
  type StoredEvent,
  selectBlockHashes,
  selectBlocks,
  selectEvents,
  selectFirstBlock,
  selectMonths,
  selectRoots,
  selectStrays,
  selectUnsealedEvents,
} from './queries.ts';
import { parseMultirange, RangeSet } from './range-set.ts';
import { EventVerifier } from './verify-events.ts';

export interface VerifyInput {
  /** The keys whose signatures count: never those that the database names. */
  keys: readonly AuditKey[];
  /** Read before the connection's transaction began. */
  anchors: readonly { file: string; anchor: Anchor }[];
  /** Microseconds since 1970 UTC: blocks that hold nothing since then are left out. */
  since?: number | undefined;
  progress?(done: number, total: number): void;
}

export interface Verification {
  events: number;
  blocks: number;
  roots: number;
  /** Events that wait to be sealed. */
  unsealed: number;
  findings: number;
  /** The first thousand. */
  examples: readonly Finding[];
  /** False when only public keys were at hand. */
  isAuthenticated: boolean;
}

const blocksAtOnce = 500;
const eventsAtOnce = 20_000;
const least = -(2 ** 53);
const greatest = 2 ** 53;

/** Reads the whole trail, or what is in it since a time, in one state of the database; memory does not grow with it. */
export async function verifyTrail(connection: Transaction, input: VerifyInput): Promise<Verification> {
  const findings = new Findings();
  const verifier = new EventVerifier(connection, input.keys, findings);
  const since = input.since ?? least;
  const months = await selectMonths(connection, since);
  const total = months.reduce((sum, { events }) => sum + events, 0);
  const count = { events: 0, blocks: 0, roots: 0, unsealed: 0 };
  const walk: Walk = { connection, input, findings, verifier, since, count, total };
  for (const { month } of months) await verifyMonth(walk, month);
  await verifyBetween(
    walk,
    months.map(({ month }) => month),
  );
  count.unsealed = await verifyUnsealed(walk);
  count.roots = await verifyRoots(walk);
  await verifyAnchors(walk);
  return { ...count, findings: findings.count, examples: findings.examples, isAuthenticated: verifier.canAuthenticate };
}

interface Walk {
  readonly connection: Transaction;
  readonly input: VerifyInput;
  readonly findings: Findings;
  readonly verifier: EventVerifier;
  readonly since: number;
  readonly count: { events: number; blocks: number };
  readonly total: number;
}

async function verifyMonth(walk: Walk, month: number): Promise<void> {
  const { connection, since } = walk;
  const covered = new RangeSet();
  const first = since === least ? 1 : await selectFirstBlock(connection, month, since);
  let before: { number: number; hash: string } = { number: 0, hash: nothingBefore };
  if (first > 1) {
    const [block] = await selectBlocks(connection, month, first - 2, 1);
    before = { number: first - 1, hash: block?.number === first - 1 ? block.hash : '' };
  }
  for (;;) {
    const blocks = await selectBlocks(connection, month, before.number, blocksAtOnce);
    for (const block of blocks) {
      verifyLink(walk, block, before);
      before = block;
    }
    for (const group of groupBlocks(blocks)) await verifyGroup(walk, month, group, covered);
    if (blocks.length < blocksAtOnce) break;
  }
  const { low, high } = rangeOfMonth(month);
  await reportStrays(walk, { low: Math.max(low, since), high }, covered.gaps(least, greatest));
}

/** Whether a block follows the one before it, and is as it was signed. */
function verifyLink({ findings, input, count }: Walk, block: Block, before: { number: number; hash: string }): void {
  count.blocks++;
  const { month, number } = block;
  const place = { month, block: number };
  if (number !== before.number + 1) {
    const text = `Blocks ${before.number + 1} to ${number - 1} of ${month} were removed.`;
    findings.add({ kind: 'block-removed', ...place, text });
  } else if (block.previous !== before.hash) {
    findings.add({ kind: 'block', ...place, text: `Block ${number} of ${month} does not follow the block before it.` });
  }
  const hash = hashBlock(block);
  if (hash.toString('hex') !== block.hash) {
    findings.add({ kind: 'block', ...place, text: `Block ${number} of ${month} was changed.` });
  }
  reportSignature(findings, input.keys, { ...block, hash }, `Block ${number} of ${month}`, place);
}

function reportSignature(
  findings: Findings,
  keys: readonly AuditKey[],
  { key, hash, signature }: { key: string; hash: Buffer; signature: Uint8Array },
  name: string,
  place: { month?: number; block?: number },
): void {
  const known = keys.find(({ id }) => id === key);
  if (!known) {
    const text = `${name} is signed with the key ${key}, which is not trusted here: put its PEM beside the key, into trusted/.`;
    findings.add({ kind: 'key', ...place, text });
  } else if (!isSignedBy(known, hash, signature)) {
    findings.add({ kind: 'block', ...place, text: `${name} does not bear the signature of the key ${key}.` });
  }
}

function* groupBlocks(blocks: readonly Block[]): Generator<Block[]> {
  let group: Block[] = [];
  let count = 0;
  for (const block of blocks) {
    if (group.length > 0 && count + block.count > eventsAtOnce) {
      yield group;
      group = [];
      count = 0;
    }
    group.push(block);
    count += block.count;
  }
  if (group.length > 0) yield group;
}

async function verifyGroup(walk: Walk, month: number, blocks: readonly Block[], covered: RangeSet): Promise<void> {
  const { connection, findings, verifier, count, input, total } = walk;
  const ranges = blocks.map(({ numbers }) => parseMultirange(numbers) ?? []);
  const asked: NumberRange[] = ranges.flatMap((list, ordinal) => list.map(([low, high]) => ({ low, high, ordinal })));
  for (const { low, high } of asked) covered.add(low, high);
  const events = await selectEvents(connection, rangeOfMonth(month), asked);
  await verifier.learnAgents(events);
  const byBlock: StoredEvent[][] = blocks.map(() => []);
  for (const event of events) byBlock[event.ordinal]?.push(event);
  for (const [index, block] of blocks.entries()) {
    if (block.missing > 0) {
      const text = `${block.missing} events of block ${block.number} of ${month} were removed before it was sealed.`;
      findings.add({ kind: 'removed', month, block: block.number, text });
    }
    verifier.verifyBlock(block, ranges[index] ?? [], byBlock[index] ?? []);
  }
  count.events += events.length;
  input.progress?.(count.events, total);
}

const straysAtOnce = 1000;
const gapsAtOnce = 5000;

async function reportStrays(
  { connection, findings }: Walk,
  span: { low: number; high: number },
  gaps: readonly [number, number][],
): Promise<void> {
  for (let start = 0; start < gaps.length; start += gapsAtOnce) {
    const strays = await selectStrays(connection, span, gaps.slice(start, start + gapsAtOnce), straysAtOnce);
    for (const { number } of strays) {
      const text = `Event ${number} is in no block: it was inserted past the server, or kept from being sealed.`;
      findings.add({ kind: 'inserted', number, text });
    }
  }
}

/** Events of times in which no month has blocks. */
async function verifyBetween(walk: Walk, months: readonly number[]): Promise<void> {
  const ends = months.map(rangeOfMonth);
  const from = [walk.since, ...ends.map(({ high }) => Math.max(high, walk.since))];
  const to = [...ends.map(({ low }) => low), greatest];
  for (const [index, low] of from.entries()) {
    const high = to[index] ?? greatest;
    if (low < high) await reportStrays(walk, { low, high }, [[least, greatest]]);
  }
}

const unsealedAtOnce = 50_000;

async function verifyUnsealed({ connection, verifier }: Walk): Promise<number> {
  const events = await selectUnsealedEvents(connection, unsealedAtOnce);
  await verifier.learnAgents(events);
  for (const event of events) verifier.isAuthentic(event, {});
  return events.length;
}

async function verifyRoots({ connection, findings, input }: Walk): Promise<number> {
  let before = { number: 0, hash: nothingBefore };
  let count = 0;
  for (;;) {
    const roots = await selectRoots(connection, before.number, blocksAtOnce);
    for (const root of roots) {
      const { number, day, previous } = root;
      const hash = hashRoot(root);
      const isNext = number === before.number + 1 && previous === before.hash;
      if (!isNext) findings.add({ kind: 'root', text: `The root of ${day} does not follow the root before it.` });
      if (hash.toString('hex') !== root.hash) findings.add({ kind: 'root', text: `The root of ${day} was changed.` });
      reportSignature(findings, input.keys, { ...root, hash }, `The root of ${day}`, {});
      await reportAbsentHeads(connection, findings, parseHeads(root.heads), `the root of ${day}`);
      before = root;
    }
    count += roots.length;
    if (roots.length < blocksAtOnce) return count;
  }
}

async function reportAbsentHeads(
  connection: Transaction,
  findings: Findings,
  heads: readonly { month: number; number: number; hash: string }[],
  witness: string,
): Promise<void> {
  const hashes = await selectBlockHashes(connection, heads);
  for (const [index, { month, number, hash }] of heads.entries()) {
    if (hashes[index] === hash) continue;
    const what = hashes[index] === null ? 'is not there: the end was cut off' : 'is another';
    const text = `Block ${number} of ${month}, which ${witness} names, ${what}.`;
    findings.add({ kind: 'truncated', month, block: number, text });
  }
}

async function verifyAnchors({ connection, findings, input }: Walk): Promise<void> {
  for (const { file, anchor } of input.anchors) {
    await reportAbsentHeads(connection, findings, anchor.heads, file);
    if (!anchor.root) continue;
    const [root] = await selectRoots(connection, anchor.root.number - 1, 1);
    if (root?.number === anchor.root.number && root.hash === anchor.root.hash) continue;
    findings.add({ kind: 'truncated', text: `The root ${anchor.root.number}, which ${file} names, is not there.` });
  }
}
