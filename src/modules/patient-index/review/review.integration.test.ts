import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#fhir/access/index.ts';
import { startTestServer, type TestServer } from '#testing/fhir-server.ts';
import { follow } from '../follow.ts';
import { createCurrentModel } from '../matching/current-model.ts';
import { createMatching, personRows } from '../matching/index.ts';
import { merge } from '../merge/merge.ts';
import { unmerge } from '../merge/unmerge.ts';
import { comparePending } from './compare-pending.ts';
import { claimReview, decideReview, releaseReview } from './decide.ts';
import { selectReviewsOf, selectWork } from './queries.ts';
import { claimMicros, type Review } from './review.ts';

let server: TestServer;
let nowMs = Date.parse('2026-11-25T08:00:00Z');

const aClerk = (id: string): Actor => ({
  reference: `Practitioner/${id}`,
  display: id,
  role: 'index-clerk',
  purpose: 'HOPERAT',
});
const li = aClerk('li');
const wang = aClerk('wang');

beforeAll(async () => {
  server = await startTestServer({ derived: [personRows], now: () => nowMs });
  await look();
});

afterAll(async () => {
  await server.stop();
});

async function look() {
  const { context } = server;
  const matching = createMatching(createCurrentModel(context.pool, context.now));
  while (await follow(context));
  while ((await comparePending({ ...context, matching })) > 0);
}

type Resource = { resourceType: string; id: string; [name: string]: unknown };

async function put(...resources: Resource[]) {
  for (const resource of resources) {
    const { status, text } = await server.send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    expect([200, 201], text).toContain(status);
  }
}

const aPerson = (id: string, name: string, birthDate: string, more: object = {}): Resource => ({
  resourceType: 'Patient',
  id,
  name: [{ text: name }],
  gender: 'female',
  birthDate,
  ...more,
});

const phone = (value: string) => ({ telecom: [{ system: 'phone', value }] });

async function reviewsOf(id: string): Promise<Review[]> {
  const { rows } = await server.context.pool.query<{ rid: string }>('select rid from fhir.resource where id = $1', [
    id,
  ]);
  return selectReviewsOf(server.context.pool, Number(rows[0]?.rid));
}

async function onlyReviewOf(id: string): Promise<Review> {
  const [review, ...others] = await reviewsOf(id);
  expect(others).toEqual([]);
  if (!review) throw new Error(`${id} is in no pair`);
  return review;
}

const decide = (clerk: Actor, review: number, as: 'different' | 'deferred', reason = 'Asked by telephone') =>
  decideReview(server.context, clerk, review, { as, reason });

describe('the review list', () => {
  test('shows pairs that are alike, with the evidence, and takes back what is no longer alike', async () => {
    await put(
      aPerson('a1', '张伟', '1980-01-02'),
      aPerson('b1', '張偉', '1980-01-02'),
      aPerson('c1', '王芳', '1955-07-08'),
    );
    await look();
    const review = await onlyReviewOf('a1');
    expect(review).toMatchObject({ left: { id: 'a1' }, right: { id: 'b1' }, state: 'open', claim: undefined });
    expect(review.evidence.fields.find(({ field }) => field === 'name')).toMatchObject({
      level: 'variant',
      left: '张伟',
      right: '張偉',
    });
    expect(review.evidence.fields.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(review.score, 6);
    expect(await reviewsOf('c1')).toEqual([]);
    await put(aPerson('b1', '赵丽', '1933-05-06'));
    await look();
    expect((await onlyReviewOf('a1')).state).toBe('withdrawn');
    await put(aPerson('b1', '張偉', '1980-01-02'));
    await look();
    expect((await onlyReviewOf('a1')).state).toBe('open');
    await server.send('DELETE', '/Patient/b1');
    await look();
    expect((await onlyReviewOf('a1')).state).toBe('withdrawn');
  });

  test('remembers who is different, until the data say something else', async () => {
    await put(aPerson('a2', '李娜', '1990-03-04'), aPerson('b2', '李娜', '1990-03-04'));
    await look();
    const { review } = await onlyReviewOf('a2');
    await decide(li, review, 'different');
    await put(aPerson('a2', '李娜', '1990-03-04', { active: true }));
    await look();
    expect(await onlyReviewOf('a2')).toMatchObject({ state: 'different', decision: { by: 'Practitioner/li' } });
    await put(aPerson('a2', '李娜', '1990-03-04', phone('13800000002')));
    await put(aPerson('b2', '李娜', '1990-03-04', phone('13800000002')));
    await look();
    expect(await onlyReviewOf('a2')).toMatchObject({ state: 'open', decision: undefined });
  });

  test('lets one clerk at a time decide, for half an hour', async () => {
    await put(aPerson('a3', '陈静', '1971-11-12'), aPerson('b3', '陈静', '1971-11-12'));
    await look();
    const { review } = await onlyReviewOf('a3');
    const claims = await Promise.allSettled([li, wang].map((clerk) => claimReview(server.context, clerk, review)));
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [owner, other] = (await onlyReviewOf('a3')).claim?.by === li.reference ? [li, wang] : [wang, li];
    await expect(decide(other, review, 'deferred')).rejects.toMatchObject({ code: 'conflict' });
    await releaseReview(server.context, other, review);
    await claimReview(server.context, owner, review);
    nowMs += claimMicros / 1000 + 1;
    await claimReview(server.context, other, review);
    await expect(decide(owner, review, 'deferred')).rejects.toMatchObject({ code: 'conflict' });
    await decide(other, review, 'deferred', 'The card is to be seen');
    await decide(other, review, 'deferred', 'The card is to be seen');
    expect(await onlyReviewOf('a3')).toMatchObject({ state: 'deferred', claim: undefined });
    await decide(owner, review, 'different');
    await expect(decide(other, review, 'deferred')).rejects.toMatchObject({ code: 'conflict' });
  });

  test('merges a pair with its decision, and after an unmerge tells them apart', async () => {
    await put(
      aPerson('a4', '刘洋', '1966-06-07'),
      aPerson('b4', '刘洋', '1966-06-07'),
      aPerson('c4', '刘洋', '1966-06-07'),
    );
    await put({ resourceType: 'Condition', id: 'k4', subject: { reference: 'Patient/b4' }, code: { text: 'x' } });
    await look();
    expect(await reviewsOf('b4')).toHaveLength(2);
    const review = (await reviewsOf('a4')).find(({ right }) => right.id === 'b4')?.review ?? 0;
    const decision = { as: 'linked', survivor: 'left', reason: 'Same card' } as const;
    const [first, again] = [
      await decideReview(server.context, li, review, decision),
      await decideReview(server.context, li, review, decision),
    ];
    expect(first).toMatchObject({ state: 'linked', decision: { reason: 'Same card' } });
    expect(again.merge).toBe(first.merge);
    expect((await server.get('/Condition/k4')).body.subject.reference).toBe('Patient/a4');
    await look();
    expect((await reviewsOf('b4')).map(({ state }) => state).sort()).toEqual(['linked', 'withdrawn']);
    await unmerge(server.context, li, { merge: first.merge ?? 0, reason: 'Sisters' });
    await look();
    const states = Object.fromEntries((await reviewsOf('b4')).map(({ left, state }) => [left.id, state]));
    expect(states).toEqual({ a4: 'different', b4: 'open' });
  });

  test('does not propose again who were merged without it and parted', async () => {
    await put(aPerson('a5', '杨帆', '1988-08-09'), aPerson('b5', '杨帆', '1988-08-09'));
    const { record } = await merge(server.context, li, { source: 'b5', target: 'a5', reason: 'r' });
    await unmerge(server.context, li, { merge: record.merge, reason: 'Twins of the same name' });
    await look();
    expect(await onlyReviewOf('a5')).toMatchObject({
      state: 'different',
      decision: { reason: 'Twins of the same name' },
    });
  });

  test('is read page by page, the likeliest first', async () => {
    const work = { states: ['open'] as const, band: undefined, claimedBy: undefined, now: 0 };
    const all = await selectWork(server.context.pool, { ...work, after: undefined, limit: 100 });
    expect(all.length).toBeGreaterThan(2);
    const paged: Review[] = [];
    for (;;) {
      const [next] = await selectWork(server.context.pool, { ...work, after: paged.at(-1), limit: 1 });
      if (!next) break;
      paged.push(next);
    }
    expect(paged.map(({ review }) => review)).toEqual(all.map(({ review }) => review));
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).sort((a, b) => b - a));
  });
});

describe('what is written to a superseded Patient', () => {
  test('is carried to the survivor, along chains, and goes back with an unmerge', async () => {
    await put(
      aPerson('a6', '周杰', '1951-01-02'),
      aPerson('b6', '周强', '1952-01-02'),
      aPerson('c6', '周红', '1953-01-02'),
    );
    const first = await merge(server.context, li, { source: 'a6', target: 'b6', reason: 'r' });
    await merge(server.context, li, { source: 'b6', target: 'c6', reason: 'r' });
    await look();
    const late = { resourceType: 'Condition', id: 'late6', subject: { reference: 'Patient/a6' }, code: { text: 'x' } };
    await put(late);
    await look();
    expect((await server.get('/Condition/late6')).body.subject.reference).toBe('Patient/c6');
    const { rows } = await server.context.pool.query(
      'select merge from patient_index.merge where unmerged_at is null and source_id = $1',
      ['b6'],
    );
    await unmerge(server.context, li, { merge: Number(rows[0].merge), reason: 'r' });
    expect((await server.get('/Condition/late6')).body.subject.reference).toBe('Patient/b6');
    await unmerge(server.context, li, { merge: first.record.merge, reason: 'r' });
    expect((await server.get('/Condition/late6')).body.subject.reference).toBe('Patient/a6');
  });

  test('is carried, too, when it was under way during the merge', async () => {
    await put(aPerson('a7', '吴磊', '1961-01-02'), aPerson('b7', '吴军', '1962-01-02'));
    await look();
    const writing = await server.context.pool.connect();
    await writing.query('begin');
    const resource = { resourceType: 'Condition', subject: { reference: 'Patient/a7' }, code: { text: 'x' } };
    await server.context.store.write(writing, [{ type: 'Condition', id: 'slow7', method: 2, resource }]);
    await merge(server.context, li, { source: 'a7', target: 'b7', reason: 'r' });
    await look();
    await writing.query('commit');
    writing.release();
    await look();
    expect((await server.get('/Condition/slow7')).body.subject.reference).toBe('Patient/b7');
  });

  test('leaves it superseded, and the survivor with what it took over', async () => {
    const [a, b] = [aPerson('a8', '郑爽', '1981-01-02'), aPerson('b8', '郑凯', '1982-01-02')];
    const identified = { ...a, identifier: [{ system: 'urn:mrn', value: 'a8' }] };
    await put(identified, b);
    const { record } = await merge(server.context, li, { source: 'a8', target: 'b8', reason: 'r' });
    await put({ ...identified, active: true }, { ...b, active: true });
    await look();
    expect((await server.get('/Patient/a8')).body).toMatchObject({ active: false, link: [{ type: 'replaced-by' }] });
    const survivor = (await server.get('/Patient/b8')).body;
    expect(survivor).toMatchObject({
      active: true,
      identifier: [{ value: 'a8', use: 'old' }],
      link: [{ type: 'replaces' }],
    });
    await unmerge(server.context, li, { merge: record.merge, reason: 'r' });
    await look();
    expect((await server.get('/Patient/b8')).body).not.toHaveProperty('identifier');
    expect((await server.get('/Patient?identifier=urn:mrn|a8')).body.entry[0].resource.id).toBe('a8');
  });
});
