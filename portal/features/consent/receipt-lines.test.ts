import { expect, test } from 'vitest';
import type { ReceiptLine } from './consent.resource.ts';
import { byParty, reasonsOf } from './receipt-lines.ts';

const line = (party: string, why: ReceiptLine['why'], from: string, until: string): ReceiptLine => ({
  party: { reference: party, display: party },
  why,
  category: undefined,
  because: undefined,
  from: `2026-03-01T${from}:00.000Z`,
  until: `2026-03-01T${until}:00.000Z`,
  dataFrom: undefined,
  dataUntil: undefined,
});

test('lines of a party stand together, in the order in which they came', () => {
  const lines = [
    line('b', 'treating', '01:00', '02:00'),
    line('a', 'proxy', '01:00', '02:00'),
    line('b', 'proxy', '03:00', '04:00'),
  ];
  expect(byParty(lines).map((own) => own.map(({ party, why }) => `${party.reference} ${why}`))).toEqual([
    ['b treating', 'b proxy'],
    ['a proxy'],
  ]);
});

test('times of one reason that touch or overlap are one, others are told apart', () => {
  const lines = [
    line('a', 'treating', '09:00', '10:00'),
    line('a', 'treating', '01:00', '03:00'),
    line('a', 'treating', '02:00', '04:00'),
    line('a', 'treating', '04:00', '05:00'),
    line('a', 'contract', '02:00', '03:00'),
  ];
  const told = reasonsOf(lines).map(({ why, spans }) => [
    why,
    ...spans.map(({ from, until }) => from.slice(11, 16) + until.slice(11, 16)),
  ]);
  expect(told).toEqual([
    ['treating', '01:0005:00', '09:0010:00'],
    ['contract', '02:0003:00'],
  ]);
});
