import type { Communication } from 'fhir/r4.js';
import { expect, test } from 'vitest';
import { communicationsToNotices } from './notice.ts';

const about = (system: string) => ({ coding: [{ system: `http://meridian.health/fhir/CodeSystem/${system}` }] });

const emergency: Communication = {
  resourceType: 'Communication',
  id: 'a',
  status: 'completed',
  sent: '2026-11-25T08:00:00Z',
  reasonCode: [about('notice')],
  payload: [{ contentString: '已打开' }, { contentString: 'Opened' }],
};

const consent: Communication = {
  resourceType: 'Communication',
  id: 'b',
  status: 'completed',
  sent: '2026-11-25T09:00:00Z',
  topic: about('consent-notice'),
  payload: [
    {
      contentString: '申请查看',
      _contentString: {
        extension: [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/translation',
            extension: [
              { url: 'lang', valueCode: 'en' },
              { url: 'content', valueString: 'Asks to see' },
            ],
          },
        ],
      },
    },
  ],
};

const other: Communication = { resourceType: 'Communication', status: 'completed', payload: [{ contentString: 'x' }] };

test('Notices are told in the reader’s language, the newest first, each with its page', () => {
  const all = [emergency, other, consent];
  expect(communicationsToNotices(all, 'en')).toEqual([
    { id: 'b', text: 'Asks to see', sent: '2026-11-25T09:00:00Z', page: '/consents' },
    { id: 'a', text: 'Opened', sent: '2026-11-25T08:00:00Z', page: '/me/accesses' },
  ]);
  expect(communicationsToNotices(all, 'zh-CN').map(({ text }) => text)).toEqual(['申请查看', '已打开']);
});
