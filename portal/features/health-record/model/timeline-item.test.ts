import type { Encounter, FhirResource } from 'fhir/r4.js';
import { describe, expect, test } from 'vitest';
import { isEmpty, resourcesToItems } from './timeline-item.ts';
import { encounterToVisit } from './visit.ts';

const encounter = (id: string, start: string, more: Partial<Encounter> = {}): Encounter => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  period: { start },
  ...more,
});

const procedure = (id: string, performedDateTime: string, encounterId?: string): FhirResource => ({
  resourceType: 'Procedure',
  id,
  status: 'completed',
  subject: {},
  performedDateTime,
  encounter: encounterId ? { reference: `Encounter/${encounterId}` } : undefined,
});

describe('the timeline', () => {
  test('puts entries to their visit, newest visit first', () => {
    const items = resourcesToItems([
      encounter('old', '2025-01-01'),
      procedure('p', '2026-02-03', 'new'),
      encounter('new', '2026-02-02'),
    ]);
    expect(items.map(({ key }) => key)).toEqual(['new', 'old']);
    expect(items[0]?.entries.procedures.map(({ id }) => id)).toEqual(['p']);
    expect(items[1] && isEmpty(items[1])).toBe(true);
  });

  test('gives a day of their own to entries without a visit', () => {
    const items = resourcesToItems([
      procedure('a', '2026-02-03T09:00:00+08:00'),
      procedure('b', '2026-02-03'),
      encounter('v', '2026-02-03'),
    ]);
    expect(items.map(({ visit, entries }) => [visit?.id, entries.procedures.length]).sort()).toEqual([
      [undefined, 2],
      ['v', 0],
    ]);
  });

  test('finds the visit of a document in its context', () => {
    const document: FhirResource = {
      resourceType: 'DocumentReference',
      status: 'current',
      content: [{ attachment: { title: 'Discharge summary' } }],
      context: { encounter: [{ reference: 'Encounter/stay' }] },
    };
    const [item] = resourcesToItems([document, encounter('stay', '2026-06-09')]);
    expect(item?.entries.documents[0]?.concept.text).toBe('Discharge summary');
  });
});

describe('a visit', () => {
  test.each([
    ['AMB', 'outpatient'],
    ['IMP', 'inpatient'],
    ['HH', 'home'],
    ['VR', 'remote'],
    ['unheard', 'other'],
  ])('of class %s is %s', (code, kind) => {
    expect(encounterToVisit(encounter('v', '2026-06-09', { class: { code } })).kind).toBe(kind);
  });

  test('counts nights, not hours', () => {
    const stay = encounter('v', '', { period: { start: '2026-06-09T22:00:00', end: '2026-06-10T06:00:00' } });
    const morning = encounter('v', '', { period: { start: '2026-06-09T08:00:00', end: '2026-06-09T20:00:00' } });
    expect([encounterToVisit(stay).nights, encounterToVisit(morning).nights]).toEqual([1, 0]);
  });
});
